/// How a tensor's elements lie in memory.
///
/// The engine knows a layout by its name, which means one layout to everybody in the process: the name of a provider's
/// own begins with the provider's, as `mine.blocks`. A variant may take and give tensors in a layout where the devices
/// of its memory space convert them from and to `.plain` (see `LayoutConversion`). Between memory spaces values cross
/// plain.
public struct Layout: Hashable, Sendable, CustomStringConvertible {
    /// What tells it from other layouts.
    public let name: String
    private let bytes: @Sendable (_ type: ElementType, _ shape: [Int]) -> Int?

    /// A layout with the bytes that a tensor takes in it; nil where they are more than a number can say, or where the
    /// layout does not fit the type or shape.
    public init(
        _ name: String, byteCount: @escaping @Sendable (_ type: ElementType, _ shape: [Int]) -> Int?
    ) {
        self.name = name
        bytes = byteCount
    }

    /// Dense and row-major.
    public static let plain = Layout("plain") { type, shape in shape.checkedElementCount.flatMap(type.byteCount) }
    /// A rank-4 tensor N, C, H, W stored pixel by pixel, the stride of a pixel being C rounded up to 8.
    ///
    /// What lies between C and the stride is undefined. Shared by the providers of the host.
    public static let nhwc = Layout("nhwc") { type, shape in
        guard shape.count == 4, shape[1] >= 0, shape[1] < Int.max - 8 else { return nil }
        let padded = [shape[0], Layout.pixelStride(channels: shape[1]), shape[2], shape[3]]
        return padded.checkedElementCount.flatMap(type.byteCount)
    }

    public var description: String { name }

    public static func == (left: Layout, right: Layout) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// Floats from one pixel to the next in `.nhwc`.
    public static func pixelStride(channels: Int) -> Int { (channels + 7) & ~7 }

    /// Bytes of a tensor in this layout; nil where it is unknown, overflows, or the layout does not fit the shape.
    public func byteCount(_ type: ElementType, _ shape: [Int]) -> Int? {
        bytes(type, shape).flatMap { $0 < 0 ? nil : $0 }
    }
}
