/// The limbs to draw between the 17 keypoints of a person in COCO's order.
enum Skeleton {
    static let personKeypoints = 17

    static let limbs: [(Int, Int)] = [
        (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10),
        (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
    ]

    /// Keypoints less visible than this are not drawn.
    static let leastVisibility: Float = 0.5
}
