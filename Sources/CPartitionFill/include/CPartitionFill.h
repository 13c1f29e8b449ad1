// The fill of Julia's partitionModule with libstdc++'s own ties.
#ifndef PARMAT_CPARTITIONFILL_H
#define PARMAT_CPARTITIONFILL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Longest processing time first, over the components of a union-find forest.
///
/// `weights[i]` is node i's weight, a root's that of its component; `roots[i]` the root of i's
/// component. Writes each node's shard to `owners` and the order in which the nodes were placed to
/// `order` (both `nodeCount` long), and each shard's weight to `shardWeights`. O(n log n).
///
/// std::sort and std::priority_queue, because where weights are equal their order *is* Julia's
/// plan: partitionModule (aotcompile.cpp) sorts unstably and compares by weight alone.
void parmat_fill_partitions(const uint64_t *weights, const uint32_t *roots, uint32_t nodeCount,
                            uint32_t *owners, uint32_t *order, uint64_t *shardWeights,
                            uint32_t shardCount);

#ifdef __cplusplus
}
#endif
#endif
