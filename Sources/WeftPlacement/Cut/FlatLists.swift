/// Many short lists of numbers in one block: list n is `items[first[n] ..< first[n + 1]]`.
struct FlatLists: Sendable {
    private(set) var first: [Int32] = [0]
    private(set) var items: [Int32] = []

    init() {}

    init(lists: Int, items count: Int) {
        first.reserveCapacity(lists + 1)
        items.reserveCapacity(count)
    }

    /// For each number below `count`, the lists that contain it, in order; a list that contains it twice comes twice.
    init(inverting lists: FlatLists, count: Int) {
        self.init(count, lists.items.count) { add in
            for list in 0..<lists.count { for slot in lists.range(list) { add(Int(lists.items[slot]), Int32(list)) } }
        }
    }

    /// Makes lists of the pairs that `each` adds. `each` is called twice and must add the same pairs in the same order.
    init(_ lists: Int, _ count: Int, _ each: (_ add: (_ list: Int, _ item: Int32) -> Void) -> Void) {
        var next = [Int32](repeating: 0, count: lists + 2)
        each { list, _ in next[list + 2] += 1 }
        for list in 0..<lists { next[list + 2] += next[list + 1] }
        var items = [Int32](repeating: 0, count: Int(next[lists + 1]))
        each { list, item in
            items[Int(next[list + 1])] = item
            next[list + 1] += 1
        }
        next.removeLast()
        first = next
        self.items = items
    }

    var count: Int { first.count - 1 }

    func range(_ list: Int) -> Range<Int> { Int(first[list])..<Int(first[list + 1]) }

    mutating func append(_ item: Int) { items.append(Int32(truncatingIfNeeded: item)) }

    /// Ends the list that items were appended to.
    mutating func endList() { first.append(Int32(truncatingIfNeeded: items.count)) }
}
