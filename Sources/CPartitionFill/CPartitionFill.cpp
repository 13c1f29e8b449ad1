// The fill of Julia's partitionModule with libstdc++'s own ties.

#include "CPartitionFill.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <vector>

void parmat_fill_partitions(const uint64_t *weights, const uint32_t *roots, uint32_t nodeCount,
                            uint32_t *owners, uint32_t *order, uint64_t *shardWeights,
                            uint32_t shardCount) {
  std::fill(shardWeights, shardWeights + shardCount, 0);

  // The queue holds pointers to the shards' weights; a pointer's distance is the shard's number.
  auto heavier = [](const uint64_t *a, const uint64_t *b) { return *a > *b; };
  std::priority_queue<uint64_t *, std::vector<uint64_t *>, decltype(heavier)> lightest(heavier);
  for (uint32_t shard = 0; shard < shardCount; ++shard)
    lightest.push(shardWeights + shard);

  std::iota(order, order + nodeCount, 0);
  std::sort(order, order + nodeCount,
            [weights](uint32_t a, uint32_t b) { return weights[a] > weights[b]; });

  // A root carries its component's sum and every member weighs at least 1, so that a root stands
  // before its members: their shard is known when they come.
  for (uint32_t position = 0; position < nodeCount; ++position) {
    uint32_t node = order[position], root = roots[node];
    if (node != root) {
      owners[node] = owners[root];
      continue;
    }
    uint64_t *shard = lightest.top();
    lightest.pop();
    owners[node] = static_cast<uint32_t>(shard - shardWeights);
    *shard += weights[node];
    lightest.push(shard);
  }
}
