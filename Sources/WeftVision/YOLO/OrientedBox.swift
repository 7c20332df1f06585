#if canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// A box turned by any angle, in pixels.
public struct OrientedBox: Sendable, Equatable {
    public var centreX: Float
    public var centreY: Float
    /// The side along the angle.
    public var width: Float
    public var height: Float
    /// Radians from the x axis towards the y axis, as the network gives it.
    public var angle: Float

    public init(centreX: Float, centreY: Float, width: Float, height: Float, angle: Float) {
        self.centreX = centreX
        self.centreY = centreY
        self.width = width
        self.height = height
        self.angle = angle
    }

    /// The four corners in turn, each x and y; they may lie outside the picture.
    public var corners: [[Float]] {
        let (cosine, sine) = (cosf(angle), sinf(angle))
        let (ux, uy) = (width / 2 * cosine, width / 2 * sine)
        let (vx, vy) = (-height / 2 * sine, height / 2 * cosine)
        return [
            [centreX + ux + vx, centreY + uy + vy], [centreX + ux - vx, centreY + uy - vy],
            [centreX - ux - vx, centreY - uy - vy], [centreX - ux + vx, centreY - uy + vy],
        ]
    }

    /// The smallest upright box that holds the corners.
    public var hull: Box {
        let corners = corners
        let (xs, ys) = (corners.map { $0[0] }, corners.map { $0[1] })
        return Box(
            x1: xs.reduce(xs[0], min), y1: ys.reduce(ys[0], min), x2: xs.reduce(xs[0], max), y2: ys.reduce(ys[0], max))
    }

    /// How alike two boxes are, 0 to 1: each taken as a normal distribution, one minus their Hellinger distance.
    package func similarity(to other: OrientedBox) -> Float {
        let epsilon: Float = 1e-7
        let (a1, b1, c1) = covariance
        let (a2, b2, c2) = other.covariance
        let (a, b, c) = (a1 + a2, b1 + b2, c1 + c2)
        let (dx, dy) = (centreX - other.centreX, centreY - other.centreY)
        let determinant = a * b - c * c
        let near = (a * dy * dy + b * dx * dx) / (determinant + epsilon) / 4
        let skew = c * (other.centreX - centreX) * dy / (determinant + epsilon) / 2
        let product = max(a1 * b1 - c1 * c1, 0) * max(a2 * b2 - c2 * c2, 0)
        let size = logf(determinant / (4 * product.squareRoot() + epsilon) + epsilon) / 2
        let distance = min(max(near + skew + size, epsilon), 100)
        return 1 - (1 - expf(-distance) + epsilon).squareRoot()
    }

    private var covariance: (a: Float, b: Float, c: Float) {
        let (cosine, sine) = (cosf(angle), sinf(angle))
        let (along, across) = (width * width / 12, height * height / 12)
        return (
            along * cosine * cosine + across * sine * sine, along * sine * sine + across * cosine * cosine,
            (along - across) * cosine * sine
        )
    }

    var isFinite: Bool {
        centreX.isFinite && centreY.isFinite && width.isFinite && height.isFinite && angle.isFinite
    }
}
