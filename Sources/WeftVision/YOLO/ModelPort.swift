/// One input or output of a model, as the model file describes it.
public struct ModelPort: Sendable, Equatable {
    public let name: String
    /// Spelled as `float32`.
    public let elementType: String
    /// Sizes; nil where they are decided at run time.
    public let shape: [Int?]

    public init(name: String, elementType: String, shape: [Int?]) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
    }

    /// As `output0: float32 1 x 84 x ?`.
    var text: String {
        "\(name): \(elementType) " + shape.map { $0.map(String.init) ?? "?" }.joined(separator: " x ")
    }
}
