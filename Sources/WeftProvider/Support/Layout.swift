/// How a tensor's elements lie in memory.
///
/// The engine identifies a layout by its name, which has one meaning in the whole process: the name of a provider's
/// own layout begins with the provider's name, as `mine.blocks`. A variant may use a layout if the devices of its
/// memory space convert it from and to `.plain` (see `LayoutConversion`). Transfers between memory spaces use
/// `.plain`.
public struct Layout: Hashable, Sendable, CustomStringConvertible {
    /// The name, which identifies the layout.
    public let name: String
    private let bytes: @Sendable (_ type: ElementType, _ shape: [Int]) -> Int?

    /// A layout and its size: `byteCount` gives the bytes of a tensor in it.
    ///
    /// It returns nil if the size overflows, or if the layout does not fit the type or shape.
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
    /// The contents between C and the stride are undefined. The providers of the host share this layout.
    public static let nhwc = Layout("nhwc") { type, shape in
        guard shape.count == 4, shape[1] >= 0, shape[1] < Int.max - 8 else { return nil }
        let padded = [shape[0], Layout.pixelStride(channels: shape[1]), shape[2], shape[3]]
        return padded.checkedElementCount.flatMap(type.byteCount)
    }

    /// The name.
    public var description: String { name }

    /// Compares names alone.
    public static func == (left: Layout, right: Layout) -> Bool { left.name == right.name }
    /// Hashes the name alone.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// Elements from one pixel to the next in `.nhwc`.
    public static func pixelStride(channels: Int) -> Int { (channels + 7) & ~7 }

    /// Bytes of a tensor in this layout; nil if they are unknown or overflow, or if the layout does not fit the shape.
    public func byteCount(_ type: ElementType, _ shape: [Int]) -> Int? {
        bytes(type, shape).flatMap { $0 < 0 ? nil : $0 }
    }
}
