// The Boost Graph Library, over three ways to keep a graph.

#include "Chapters.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/adjacency_matrix.hpp>
#include <boost/graph/betweenness_centrality.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/boyer_myrvold_planar_test.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/kruskal_min_spanning_tree.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <boost/graph/transitive_closure.hpp>
#include <utility>
#include <vector>

namespace {

using Edge = std::pair<int, int>;

struct Roads {
  std::vector<Edge> edges;
  std::vector<int> lengths;
};

Roads makeRoads(int towns, int count) {
  Numbers numbers(31);
  Roads roads;
  for (int index = 0; index < count; ++index) {
    const int from = numbers.below(towns), to = numbers.below(towns);
    if (from == to)
      continue;
    roads.edges.emplace_back(from, to);
    roads.lengths.push_back(1 + numbers.below(20));
  }
  return roads;
}

template <typename Graph> std::string shortestPaths(const char *name, const Graph &graph) {
  std::vector<int> distances(num_vertices(graph));
  boost::dijkstra_shortest_paths(graph, vertex(0, graph),
                                 boost::distance_map(boost::make_iterator_property_map(
                                     distances.begin(), get(boost::vertex_index, graph))));
  long sum = 0;
  int reached = 0;
  for (int distance : distances)
    if (distance != std::numeric_limits<int>::max()) {
      sum += distance;
      ++reached;
    }
  std::vector<int> components(num_vertices(graph));
  const int count = boost::strong_components(
      graph,
      boost::make_iterator_property_map(components.begin(), get(boost::vertex_index, graph)));
  return text("%s: %d towns reached, %ld in all, %d strong components\n", name, reached, sum,
              count);
}

std::string undirected(const Roads &roads, int towns) {
  using Graph =
      boost::adjacency_list<boost::setS, boost::vecS, boost::undirectedS,
                            boost::property<boost::vertex_index_t, int>,
                            boost::property<boost::edge_weight_t, int,
                                            boost::property<boost::edge_index_t, std::size_t>>>;
  Graph graph(towns);
  for (std::size_t index = 0; index < roads.edges.size(); ++index)
    boost::add_edge(roads.edges[index].first, roads.edges[index].second, roads.lengths[index],
                    graph);
  std::vector<boost::graph_traits<Graph>::edge_descriptor> tree;
  boost::kruskal_minimum_spanning_tree(graph, std::back_inserter(tree));
  long length = 0;
  for (auto edge : tree)
    length += get(boost::edge_weight, graph, edge);
  std::vector<boost::graph_traits<Graph>::vertex_descriptor> joints;
  boost::articulation_points(graph, std::back_inserter(joints));
  std::vector<double> between(num_vertices(graph));
  boost::brandes_betweenness_centrality(
      graph, boost::make_iterator_property_map(between.begin(), get(boost::vertex_index, graph)));
  return text("tree of %d edges, length %ld; %d joints; between %.2f; %s\n", int(tree.size()),
              length, int(joints.size()), between[0],
              boost::boyer_myrvold_planarity_test(graph) ? "planar" : "not planar");
}

std::string flow(const Roads &roads, int towns) {
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using Graph = boost::adjacency_list<
      boost::vecS, boost::vecS, boost::directedS, boost::no_property,
      boost::property<
          boost::edge_capacity_t, int,
          boost::property<boost::edge_residual_capacity_t, int,
                          boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;
  Graph graph(towns);
  const auto capacity = get(boost::edge_capacity, graph);
  const auto reverse = get(boost::edge_reverse, graph);
  for (std::size_t index = 0; index < roads.edges.size(); ++index) {
    const auto there = add_edge(roads.edges[index].first, roads.edges[index].second, graph).first;
    const auto back = add_edge(roads.edges[index].second, roads.edges[index].first, graph).first;
    capacity[there] = roads.lengths[index];
    capacity[back] = 0;
    reverse[there] = back;
    reverse[back] = there;
  }
  return text("flow %d\n", boost::push_relabel_max_flow(graph, 0, towns - 1));
}

std::string order(const Roads &roads, int towns) {
  boost::adjacency_list<> graph(towns), closure;
  boost::adjacency_matrix<boost::directedS> matrix(towns);
  for (const Edge &edge : roads.edges)
    if (edge.first < edge.second) {
      add_edge(edge.first, edge.second, graph);
      add_edge(edge.first, edge.second, matrix);
    }
  std::vector<int> sorted;
  boost::topological_sort(graph, std::back_inserter(sorted));
  boost::transitive_closure(graph, closure);
  return text("last %d of %d, %d edges, %d when closed\n", sorted.front(), int(sorted.size()),
              int(num_edges(matrix)), int(num_edges(closure)));
}

} // namespace

std::string reportGraphs() {
  constexpr int towns = 24;
  const Roads roads = makeRoads(towns, 70);
  using Listed =
      boost::adjacency_list<boost::listS, boost::vecS, boost::directedS, boost::no_property,
                            boost::property<boost::edge_weight_t, int>>;
  using Packed = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property,
                                                    boost::property<boost::edge_weight_t, int>>;
  std::string lines = shortestPaths(
      "lists", Listed(roads.edges.begin(), roads.edges.end(), roads.lengths.begin(), towns));
  lines += shortestPaths("packed", Packed(boost::edges_are_unsorted_multi_pass, roads.edges.begin(),
                                          roads.edges.end(), roads.lengths.begin(), towns));
  return lines + undirected(roads, towns) + flow(roads, towns) + order(roads, towns);
}
