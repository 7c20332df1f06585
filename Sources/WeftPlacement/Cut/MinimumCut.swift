/// A network between a source and a sink, and its minimum cut.
///
/// Capacities are integers, so that the cut is exact. `unbounded` is for edges that no cut may take.
struct MinimumCut {
    /// More than all bounded capacities together may be. Residuals of such an edge still fit in 64 bits.
    static let unbounded: Int64 = 1 << 61

    private static let terminalLimit: Int64 = 1 << 60

    /// For each vertex, the capacity from the source less the capacity to the sink: flow through both cancels out.
    private(set) var terminals: [Int64] = []
    private var edges: [Edge] = []

    /// Two vertices, and the cost of having them on different sides, for each direction.
    fileprivate struct Edge {
        let tail: Int32
        let head: Int32
        let forward: Int64
        let backward: Int64
    }

    init(vertices: Int) {
        begin(vertices: vertices)
    }

    /// Starts over in the same memory.
    mutating func begin(vertices: Int) {
        terminals.removeAll(keepingCapacity: true)
        edges.removeAll(keepingCapacity: true)
        terminals.reserveCapacity(vertices + vertices / 2)
        terminals.append(contentsOf: repeatElement(0, count: vertices))
        edges.reserveCapacity(vertices * 3)
    }

    mutating func addVertex() -> Int {
        terminals.append(0)
        return terminals.count - 1
    }

    /// Charges `source` if the vertex ends on the source's side, `sink` if on the sink's.
    mutating func charge(_ vertex: Int, source: Int64 = 0, sink: Int64 = 0) {
        let limit = Self.terminalLimit
        terminals[vertex] = min(max(terminals[vertex] + (sink - source), -limit), limit)
    }

    /// Charges `forward` if `tail` ends on the source's side and `head` on the sink's, `backward` if it is the other way.
    mutating func connect(_ tail: Int, _ head: Int, _ forward: Int64, back backward: Int64 = 0) {
        guard forward > 0 || backward > 0, tail != head else { return }
        edges.append(
            Edge(
                tail: Int32(truncatingIfNeeded: tail), head: Int32(truncatingIfNeeded: head), forward: forward,
                backward: backward))
    }

    /// Whether each vertex lies on the sink's side of a minimum cut; of equal cuts the one with the fewest there.
    func sinkSide() -> [Bool] {
        var search = CutSearch(terminals: terminals, edges: edges.count)
        search.lay(edges)
        search.run()
        return search.sinkSide()
    }
}

/// The search for a maximum flow by two trees that grow from the terminals until they meet.
///
/// The algorithm of Boykov and Kolmogorov (2004): trees are kept between augmentations; a vertex that loses its parent
/// edge looks for another among its neighbours, nearest to the terminal first, else it becomes free. Distances carry
/// the time they were checked, so that a path to a terminal is followed once per augmentation.
private struct CutSearch: ~Copyable {
    private enum Parent {
        static let none: Int32 = -1
        static let terminal: Int32 = -2
        static let orphan: Int32 = -3
    }

    private struct Vertex {
        var terminal: Int64
        var parent = Parent.none
        var stamp: Int32 = 0
        var distance: Int32 = 0
        var isSink = false
        var isActive = false
    }

    private struct Arc {
        var residual: Int64
        var head: Int32
        var sister: Int32
    }

    private let count: Int
    private let vertices: UnsafeMutablePointer<Vertex>
    private let arcs: UnsafeMutablePointer<Arc>
    /// Arcs of vertex v are `first[v] ..< first[v + 1]`.
    private let first: UnsafeMutablePointer<Int32>
    private var time: Int32 = 0
    /// Vertices whose neighbours are not all examined: a ring, which holds each at most once.
    private let active: UnsafeMutablePointer<Int32>
    private var activeHead = 0
    private var activeCount = 0
    private var orphans: [Int32] = []

    init(terminals: [Int64], edges: Int) {
        count = terminals.count
        vertices = .allocate(capacity: max(count, 1))
        arcs = .allocate(capacity: max(2 * edges, 1))
        first = .allocate(capacity: count + 1)
        active = .allocate(capacity: max(count, 1))
        first.initialize(repeating: 0, count: count + 1)
        active.initialize(repeating: 0, count: max(count, 1))
        for (index, terminal) in terminals.enumerated() {
            (vertices + index).initialize(to: Vertex(terminal: terminal))
        }
    }

    deinit {
        vertices.deallocate()
        arcs.deallocate()
        first.deallocate()
        active.deallocate()
    }

    /// Lays the edges out by their tail: two arcs each, one a direction.
    mutating func lay(_ edges: [MinimumCut.Edge]) {
        for edge in edges {
            first[Int(edge.tail)] += 1
            first[Int(edge.head)] += 1
        }
        var sum: Int32 = 0
        for vertex in 0...count {
            sum += first[vertex]
            first[vertex] = sum
        }
        for edge in edges.reversed() {
            first[Int(edge.tail)] -= 1
            let out = first[Int(edge.tail)]
            first[Int(edge.head)] -= 1
            let back = first[Int(edge.head)]
            (arcs + Int(out)).initialize(to: Arc(residual: edge.forward, head: edge.head, sister: back))
            (arcs + Int(back)).initialize(to: Arc(residual: edge.backward, head: edge.tail, sister: out))
        }
    }

    /// Per vertex, whether it can still reach the sink.
    func sinkSide() -> [Bool] {
        (0..<count).map { vertices[$0].parent != Parent.none && vertices[$0].isSink }
    }

    mutating func run() {
        for vertex in 0..<count where vertices[vertex].terminal != 0 {
            vertices[vertex].parent = Parent.terminal
            vertices[vertex].distance = 1
            vertices[vertex].isSink = vertices[vertex].terminal < 0
            activate(Int32(vertex))
        }
        while activeCount > 0 {
            let vertex = active[activeHead]
            activeHead = activeHead + 1 == count ? 0 : activeHead + 1
            activeCount -= 1
            vertices[Int(vertex)].isActive = false
            while vertices[Int(vertex)].parent != Parent.none, let bridge = grow(from: Int(vertex)) {
                time += 1
                augment(through: Int(bridge))
                adopt()
            }
        }
    }

    private mutating func activate(_ vertex: Int32) {
        guard !vertices[Int(vertex)].isActive else { return }
        vertices[Int(vertex)].isActive = true
        let slot = activeHead + activeCount
        active[slot >= count ? slot - count : slot] = vertex
        activeCount += 1
    }

    /// Takes free neighbours into the vertex's tree; returns an arc from the source's tree to the sink's, if one leads on.
    private mutating func grow(from vertex: Int) -> Int32? {
        let isSink = vertices[vertex].isSink
        for arc in Int(first[vertex])..<Int(first[vertex + 1]) {
            let sister = arcs[arc].sister
            guard (isSink ? arcs[Int(sister)].residual : arcs[arc].residual) > 0 else { continue }
            let next = Int(arcs[arc].head)
            if vertices[next].parent == Parent.none {
                vertices[next].isSink = isSink
                vertices[next].parent = sister
                vertices[next].stamp = vertices[vertex].stamp
                vertices[next].distance = vertices[vertex].distance + 1
                activate(Int32(truncatingIfNeeded: next))
            } else if vertices[next].isSink != isSink {
                return isSink ? sister : Int32(truncatingIfNeeded: arc)
            } else if vertices[next].stamp <= vertices[vertex].stamp
                && vertices[next].distance > vertices[vertex].distance
            {
                vertices[next].parent = sister
                vertices[next].stamp = vertices[vertex].stamp
                vertices[next].distance = vertices[vertex].distance + 1
            }
        }
        return nil
    }

    /// Sends as much flow as fits from source to sink along the trees and `bridge`. A vertex that loses its parent edge
    /// becomes an orphan.
    private mutating func augment(through bridge: Int) {
        let sister = Int(arcs[bridge].sister)
        let start = Int(arcs[sister].head), end = Int(arcs[bridge].head)
        var flow = arcs[bridge].residual
        var vertex = start
        while vertices[vertex].parent != Parent.terminal {
            let up = Int(vertices[vertex].parent)
            flow = min(flow, arcs[Int(arcs[up].sister)].residual)
            vertex = Int(arcs[up].head)
        }
        flow = min(flow, vertices[vertex].terminal)
        vertex = end
        while vertices[vertex].parent != Parent.terminal {
            let up = Int(vertices[vertex].parent)
            flow = min(flow, arcs[up].residual)
            vertex = Int(arcs[up].head)
        }
        flow = min(flow, -vertices[vertex].terminal)

        arcs[bridge].residual -= flow
        arcs[sister].residual += flow
        vertex = start
        while vertices[vertex].parent != Parent.terminal {
            let up = Int(vertices[vertex].parent)
            let down = Int(arcs[up].sister)
            arcs[up].residual += flow
            arcs[down].residual -= flow
            if arcs[down].residual == 0 { orphan(vertex) }
            vertex = Int(arcs[up].head)
        }
        vertices[vertex].terminal -= flow
        if vertices[vertex].terminal == 0 { orphan(vertex) }
        vertex = end
        while vertices[vertex].parent != Parent.terminal {
            let up = Int(vertices[vertex].parent)
            let down = Int(arcs[up].sister)
            arcs[down].residual += flow
            arcs[up].residual -= flow
            if arcs[up].residual == 0 { orphan(vertex) }
            vertex = Int(arcs[up].head)
        }
        vertices[vertex].terminal += flow
        if vertices[vertex].terminal == 0 { orphan(vertex) }
    }

    private mutating func orphan(_ vertex: Int) {
        vertices[vertex].parent = Parent.orphan
        orphans.append(Int32(truncatingIfNeeded: vertex))
    }

    /// Finds a new parent in its tree for every orphan. Where there is none, frees it, and its children become orphans.
    private mutating func adopt() {
        var next = 0
        while next < orphans.count {
            adopt(Int(orphans[next]))
            next += 1
        }
        orphans.removeAll(keepingCapacity: true)
    }

    private mutating func adopt(_ vertex: Int) {
        let isSink = vertices[vertex].isSink
        var best = Parent.none
        var bestDistance = Int32.max
        for arc in Int(first[vertex])..<Int(first[vertex + 1]) {
            let usable = isSink ? arcs[arc].residual : arcs[Int(arcs[arc].sister)].residual
            let candidate = Int(arcs[arc].head)
            guard usable > 0, vertices[candidate].isSink == isSink, vertices[candidate].parent != Parent.none,
                let distance = distanceToTerminal(candidate)
            else { continue }
            if distance < bestDistance {
                best = Int32(truncatingIfNeeded: arc)
                bestDistance = distance
            }
            stamp(from: candidate, distance)
        }
        if best != Parent.none {
            vertices[vertex].parent = best
            vertices[vertex].stamp = time
            vertices[vertex].distance = bestDistance + 1
            return
        }
        vertices[vertex].parent = Parent.none
        for arc in Int(first[vertex])..<Int(first[vertex + 1]) {
            let neighbour = Int(arcs[arc].head)
            guard vertices[neighbour].isSink == isSink, vertices[neighbour].parent != Parent.none else { continue }
            let usable = isSink ? arcs[arc].residual : arcs[Int(arcs[arc].sister)].residual
            if usable > 0 { activate(Int32(truncatingIfNeeded: neighbour)) }
            let up = vertices[neighbour].parent
            if up >= 0 && Int(arcs[Int(up)].head) == vertex { orphan(neighbour) }
        }
    }

    /// Edges from a vertex up its tree to the terminal; nil if an orphan is in the way.
    private func distanceToTerminal(_ start: Int) -> Int32? {
        var vertex = start
        var steps: Int32 = 0
        while true {
            if vertices[vertex].stamp == time { return steps + vertices[vertex].distance }
            let up = vertices[vertex].parent
            if up == Parent.terminal { return steps + 1 }
            if up < 0 { return nil }
            steps += 1
            vertex = Int(arcs[Int(up)].head)
        }
    }

    /// Notes on the way up that these distances were just checked.
    private func stamp(from start: Int, _ distance: Int32) {
        var vertex = start
        var distance = distance
        while vertices[vertex].stamp != time {
            vertices[vertex].stamp = time
            vertices[vertex].distance = distance
            distance -= 1
            guard vertices[vertex].parent >= 0 else { return }
            vertex = Int(arcs[Int(vertices[vertex].parent)].head)
        }
    }
}
