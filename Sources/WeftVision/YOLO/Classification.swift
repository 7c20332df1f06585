/// A class that a whole picture may show.
public struct Classification: Sendable, Equatable, Encodable {
    public let classIndex: Int
    public let name: String
    public let score: Float

    private enum CodingKeys: String, CodingKey {
        case classIndex = "class"
        case name, score
    }
}
