/// An optional value in a box of its own: a seldom used field that costs its owner one word.
package indirect enum Boxed<Value> {
    case none
    case some(Value)

    package var value: Value? {
        if case .some(let value) = self { value } else { nil }
    }
}
