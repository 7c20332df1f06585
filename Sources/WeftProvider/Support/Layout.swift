/// How a tensor's elements lie in memory.
///
/// A name that one provider alone knows belongs to that provider; a conversion is an ordinary node.
public struct Layout: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    public init(_ name: String) { self.name = name }

    /// Dense and row-major.
    public static let plain = Layout("plain")
    /// A rank-4 tensor N, C, H, W stored pixel by pixel, the stride of a pixel being C rounded up to 8.
    ///
    /// What lies between C and the stride is undefined. Shared by the providers of the host.
    public static let nhwc = Layout("nhwc")

    public var description: String { name }

    /// Floats from one pixel to the next in `.nhwc`.
    public static func pixelStride(channels: Int) -> Int { (channels + 7) & ~7 }

    /// Bytes of a tensor in this layout; nil where it is unknown, overflows, or the layout does not fit the shape.
    public func byteCount(_ type: ElementType, _ shape: [Int]) -> Int? {
        if self == .plain { return shape.checkedElementCount.flatMap(type.byteCount) }
        guard self == .nhwc, shape.count == 4, shape[1] >= 0, shape[1] < Int.max - 8 else { return nil }
        let padded = [shape[0], Layout.pixelStride(channels: shape[1]), shape[2], shape[3]]
        return padded.checkedElementCount.flatMap(type.byteCount)
    }
}
