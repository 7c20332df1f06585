import Testing
import WeftProvider

/// Who makes and who reads a value.
@Suite struct GraphViewTests {
    @Test func producersAndConsumersAreFound() {
        var sketch = Sketch()
        let x = sketch.input([2])
        let a = sketch.node("Relu", [x])
        let b = sketch.node("Add", [a, x])
        let c = sketch.node("Mul", [a, nil, b])
        let graph = sketch.view(c)
        #expect(graph.producer(of: x.value) == nil)
        #expect(graph.producer(of: b.value) == 1)
        #expect(graph.consumers(of: x.value) == [0, 1])
        #expect(graph.consumers(of: a.value) == [1, 2])
        #expect(graph.consumers(of: c.value) == [])
        #expect(graph.isOutput(c.value) && !graph.isOutput(b.value))
    }

    @Test func aNodeThatReadsAValueTwiceIsOneConsumer() {
        var sketch = Sketch()
        let a = sketch.node("Relu", [sketch.input([2])])
        let b = sketch.node("Mul", [a, a])
        #expect(sketch.view(b).consumers(of: a.value) == [1])
        #expect(sketch.view(b).soleConsumer(of: a.value) == 1)
    }

    @Test func anOutputHasNoSoleConsumer() {
        var sketch = Sketch()
        let a = sketch.node("Relu", [sketch.input([2])])
        let b = sketch.node("Neg", [a])
        #expect(sketch.view(b).soleConsumer(of: a.value) == 0 + 1)
        #expect(sketch.view(a, b).soleConsumer(of: a.value) == nil)
        #expect(sketch.view(b).soleConsumer(of: b.value) == nil)
    }
}
