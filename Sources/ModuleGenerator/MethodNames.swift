/// Names of methods as they stand in symbols: Base's most frequent ones, made safe for linkers as
/// Julia does it (`!` is `NOT.`).
enum MethodNames {
  static let all = """
    getindex setindexNOT. iterate length size axes similar copytoNOT. convert promote_type print \
    show string read write seek position eof close open isopen lock unlock notify wait schedule \
    yield push pop append resizeNOT. deleteatNOT. insertNOT. sortNOT. searchsortedfirst \
    searchsortedlast findfirst findnext findall filter map mapreduce reduce foldl collect zip \
    enumerate keys values pairs haskey get getNOT. deleteNOT. merge union intersect setdiff unique \
    occursin match eachmatch replace split rsplit join strip lstrip rstrip chomp startswith \
    endswith parse tryparse lowercase uppercase isspace isdigit hash isequal isless cmp min max \
    clamp rem mod div divrem gcd powermod trailing_zeros leading_zeros count_ones bitrotate reshape \
    view copy deepcopy fillNOT. reverse rotl90 permutedims cat hcat vcat typejoin typeintersect \
    methods which _getindex _setindexNOT. unsafe_copytoNOT. unsafe_store unsafe_load \
    cconvert unsafe_convert throw_boundserror checkindex to_index _unsafe_getindex throw_eachindex
    """.split(separator: " ").map { String($0.filter { $0 != "\n" }) }

  /// Names in debug information: of what was inlined.
  static let files = """
    array.jl abstractarray.jl int.jl strings/basic.jl strings/string.jl dict.jl range.jl boot.jl \
    essentials.jl io.jl iobuffer.jl show.jl reduce.jl sort.jl set.jl tuple.jl number.jl operators.jl \
    promotion.jl bitarray.jl char.jl stream.jl task.jl lock.jl regex.jl parse.jl path.jl file.jl \
    loading.jl client.jl subarray.jl broadcast.jl iterators.jl pointer.jl gmp.jl float.jl math.jl
    """.split(separator: " ").map { String($0.filter { $0 != "\n" }) }

  /// Modules, types and fields that bindings and symbols are called after.
  static let bindings = """
    Core.Array Core.String Core.Symbol Core.SimpleVector Base.Dict Base.Set Core.Tuple Core.Int64 \
    Core.UInt8 Base.GenericIOBuffer Base.Pair Base.RefValue Core.Method Base.Regex Base.SubString \
    Core.GenericMemory Core.BoundsError Core.ArgumentError Base.KeyError Base.InvasiveLinkedList
    """.split(separator: " ").map { String($0.filter { $0 != "\n" }) }
}
