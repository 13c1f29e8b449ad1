/// A value that stands in JSON as null where there is none: synthesized coding leaves the key out.
@propertyWrapper
public struct NullEncoded<Value: Codable>: Codable {
  public var wrappedValue: Value?

  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension NullEncoded: Sendable where Value: Sendable {}
extension NullEncoded: Equatable where Value: Equatable {}

extension KeyedDecodingContainer {
  /// A key that is left out is as good as null: records of an older version have fewer. Not by way of
  /// the wrapper's own coding, which would make a decoder more for every key.
  public func decode<Value>(
    _ type: NullEncoded<Value>.Type, forKey key: Key
  ) throws -> NullEncoded<Value> {
    NullEncoded(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
  }
}
