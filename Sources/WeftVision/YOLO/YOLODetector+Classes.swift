extension YOLODetector {
    /// Checks that a classifier's output has a score for each class name.
    func checkClassifier(_ port: ModelPort) throws(VisionError) {
        let classes = metadata.names.count
        guard port.shape.count == 2, (port.shape[0] ?? 1) == 1, (port.shape[1] ?? classes) == classes else {
            throw YOLOMetadata.notYOLO(
                "the model's output is '\(port.text)', but a YOLO classifier with \(classes) class names "
                    + "is 1 x \(classes)")
        }
    }

    /// The five likeliest classes; of equal scores the lower class comes first.
    func classes(from output: NetworkOutput) throws(VisionError) -> [Classification] {
        try checkClassifier(port(output, 0))
        let order = output.values.indices.filter { output.values[$0].isFinite }.sorted {
            output.values[$0] > output.values[$1] || (output.values[$0] == output.values[$1] && $0 < $1)
        }
        return order.prefix(5).map {
            Classification(classIndex: $0, name: metadata.name(of: $0), score: output.values[$0])
        }
    }
}
