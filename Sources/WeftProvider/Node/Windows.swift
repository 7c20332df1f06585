/// The windows of a convolution or pooling along one axis.
///
/// The grid is what the windows are applied to: the input, or the output of a transposed convolution.
public struct WindowAxis: Hashable, Sendable {
    /// Elements of the grid along the axis.
    public let grid: Int
    /// The number of windows.
    public let steps: Int
    /// The number of taps of a window.
    public let kernel: Int
    /// Elements from one window's start to the next one's.
    public let stride: Int
    /// Elements from one tap to the next.
    public let dilation: Int
    /// Padding before the grid's first element; negative if elements are cropped.
    public let begin: Int
    /// Padding behind the grid's last element; negative if elements are cropped.
    public let end: Int

    /// The largest kernel, stride, dilation or padding, so that products of a few of them cannot overflow.
    public static let limit = 1 << 30
    /// The largest number of grid elements along an axis.
    public static let largestGrid = 1 << 40

    /// One window of one tap on a grid of one element.
    public static let one = WindowAxis(grid: 1, steps: 1, kernel: 1)

    /// The windows with these figures, which are not checked.
    public init(grid: Int, steps: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, begin: Int = 0, end: Int = 0) {
        self.grid = grid
        self.steps = steps
        self.kernel = kernel
        self.stride = stride
        self.dilation = dilation
        self.begin = begin
        self.end = end
    }

    /// Elements that a window spans, from its first tap to its last.
    public static func extent(kernel: Int, dilation: Int) -> Int { (kernel - 1) * dilation + 1 }

    /// As many windows as fit into the padded grid; nil if none does. The caller has checked the limits.
    ///
    /// With `ceil`, a last window that reaches beyond the end counts too, unless it would start in the padding there.
    public init?(
        fitting grid: Int, kernel: Int, stride: Int, dilation: Int, begin: Int, end: Int, ceil: Bool = false
    ) {
        let room = grid + begin + end - Self.extent(kernel: kernel, dilation: dilation)
        guard room >= 0 else { return nil }
        var steps = room / stride + 1
        if ceil, room % stride != 0, steps * stride < grid + begin { steps += 1 }
        self.init(
            grid: grid, steps: steps, kernel: kernel, stride: stride, dilation: dilation, begin: begin, end: end)
    }

    /// The numbers of the windows whose tap `tap` lies inside the grid.
    @inline(__always)
    public func inside(tap: Int) -> Range<Int> {
        let offset = tap * dilation - begin
        let low = offset >= 0 ? 0 : (-offset + stride - 1) / stride
        let room = grid - offset
        let high = Swift.min(steps, room <= 0 ? 0 : (room + stride - 1) / stride)
        return Swift.min(low, high)..<high
    }

    /// The taps of window `step` that lie inside the grid.
    @inline(__always)
    public func taps(step: Int) -> Range<Int> {
        let start = step * stride - begin
        let low = start >= 0 ? 0 : (-start + dilation - 1) / dilation
        let room = grid - start
        let high = Swift.min(kernel, room <= 0 ? 0 : (room + dilation - 1) / dilation)
        return Swift.min(low, high)..<high
    }
}

/// Windows over up to three axes of a grid; axes that are missing in front have size 1.
public struct Windows: Hashable, Sendable {
    /// The third axis from the end.
    public let depth: WindowAxis
    /// The second axis from the end.
    public let height: WindowAxis
    /// The last axis.
    public let width: WindowAxis

    /// The windows of a convolution or pooling, or with `transposed` of a transposed convolution.
    ///
    /// Reads `kernel_shape`, `strides`, `dilations` and `pads` as shape inference resolves them, whatever `auto_pad`
    /// was; absent ones have ONNX's defaults, the kernel the spatial sizes of input 1. Throws `.internalInconsistency`
    /// if they do not fit the input's rank or the limits.
    public init(_ node: NodeView, transposed: Bool = false) throws(WeftError) {
        let (x, y) = (node.inputShape(0), node.outputShape(0))
        let axes = x.count - 2
        func list(_ name: String, _ standard: @autoclosure () -> [Int]) throws(WeftError) -> [Int] {
            node.attributes[name] == nil ? standard() : try node.ints(name)
        }
        let ones = [Int](repeating: 1, count: Swift.max(0, axes))
        let kernel = try list("kernel_shape", Array(node.inputShape(1).dropFirst(2)))
        let (strides, dilations) = (try list("strides", ones), try list("dilations", ones))
        let pads = try list("pads", [Int](repeating: 0, count: 2 * ones.count))
        guard (0...3).contains(axes), y.count == x.count, pads.count == 2 * axes,
            [kernel, strides, dilations].allSatisfy({ $0.count == axes && $0.allSatisfy { 1...WindowAxis.limit ~= $0 } }
            ),
            pads.allSatisfy({ -WindowAxis.limit...WindowAxis.limit ~= $0 })
        else {
            throw WeftError(.internalInconsistency, "a window over \(axes) spatial axes", node: node.label)
        }
        let (grid, steps) = transposed ? (y, x) : (x, y)
        func axis(_ position: Int) -> WindowAxis {
            let index = position - (3 - axes)
            guard index >= 0 else { return .one }
            return WindowAxis(
                grid: grid[index + 2], steps: steps[index + 2], kernel: kernel[index], stride: strides[index],
                dilation: dilations[index], begin: pads[index], end: pads[axes + index])
        }
        (depth, height, width) = (axis(0), axis(1), axis(2))
    }

    /// Depth, height and width.
    public var axes: [WindowAxis] { [depth, height, width] }

    /// Elements of the grid over all axes.
    public var grid: Int { depth.grid * height.grid * width.grid }
    /// The number of windows over all axes.
    public var steps: Int { depth.steps * height.steps * width.steps }
    /// The number of taps of a window over all axes.
    public var taps: Int { depth.kernel * height.kernel * width.kernel }

    /// Whether each window is one element of the grid, in order.
    public var isIdentity: Bool {
        axes.allSatisfy { $0.kernel == 1 && $0.stride == 1 && $0.begin == 0 && $0.grid == $0.steps }
    }
}
