import WeftProvider
import WeftProviderKit

extension Layout {
    /// A rank-4 float32 tensor N, C, H, W as N, C/8, H, W, 8: blocks of eight channels, the last one filled with zeros.
    public static let blocks = Layout("blocked.c8") { type, shape in
        guard type == .float32, shape.count == 4, shape[1] < Int.max - BlockLayout.width else { return nil }
        return BlockLayout.storedShape(shape).checkedElementCount.flatMap(type.byteCount)
    }
}

/// The arithmetic of `Layout.blocks`.
enum BlockLayout {
    static let width = 8

    static func blockCount(_ channels: Int) -> Int { (channels + width - 1) / width }

    static func storedShape(_ shape: [Int]) -> [Int] {
        [shape[0], blockCount(shape[1]), shape[2], shape[3], width]
    }

    /// Runs `body` with the index of each plain element and of its place in blocks.
    static func forEach(_ shape: [Int], _ body: (_ plain: Int, _ blocked: Int) -> Void) {
        let (channels, pixels, blocks) = (shape[1], shape[2] * shape[3], blockCount(shape[1]))
        for image in 0..<shape[0] {
            for channel in 0..<channels {
                let plain = (image * channels + channel) * pixels
                let blocked = (image * blocks + channel / width) * pixels * width + channel % width
                for pixel in 0..<pixels { body(plain + pixel, blocked + pixel * width) }
            }
        }
    }

    /// Plain to blocks.
    static let pack = HostKernel { node throws(WeftError) in
        let shape = node.view.outputShape(0)
        let count = storedShape(shape).elementCount
        return { invocation throws(WeftError) in
            let (x, y) = (invocation.input(0, as: Float.self), invocation.output(0, as: Float.self))
            y.update(repeating: 0, count: count)
            forEach(shape) { plain, blocked in y[blocked] = x[plain] }
        }
    }

    /// Blocks to plain.
    static let unpack = HostKernel { node throws(WeftError) in
        let shape = node.view.outputShape(0)
        return { invocation throws(WeftError) in
            let (x, y) = (invocation.input(0, as: Float.self), invocation.output(0, as: Float.self))
            forEach(shape) { plain, blocked in y[plain] = x[blocked] }
        }
    }
}
