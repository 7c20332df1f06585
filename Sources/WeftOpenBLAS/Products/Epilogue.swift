#if OpenBLAS
    import CWeftKernels
    import WeftProvider
    import WeftProviderKit

    /// What is done to a product's block before and after the library adds the product to it.
    ///
    ///     begin: y = bias + residual       product: y += A B       end: y = activation(y) [+ residual]
    struct Epilogue: Sendable {
        private let function: weft_unary
        private let alpha: Float
        private let beta: Float
        let residual: ResidualPosition

        /// Bias alone.
        static let plain = Epilogue()

        private init() {
            function = WEFT_IDENTITY
            alpha = 0
            beta = 0
            residual = .none
        }

        /// The epilogue of a node: of a fused one what its attributes say, of any other the plain one.
        init(_ node: NodeView) throws(WeftError) {
            guard node.domain == FusedNode.domain else {
                self = .plain
                return
            }
            let activation = try Activation(fused: node)
            guard let function = UInt32(exactly: weft_activation_named(activation.name, activation.beta)) else {
                throw WeftError(.internalInconsistency, "no activation '\(activation.name)'", node: node.label)
            }
            self.function = weft_unary(function)
            alpha = activation.alpha
            beta = activation.beta
            residual = try ResidualPosition(fused: node)
        }

        /// Whether `end` changes anything.
        var ends: Bool { function != WEFT_IDENTITY || residual == .after }

        /// Starts a run of `count` outputs with the bias (one for all where `biasStep` is 0) and a residual.
        ///
        /// Writes zeros where there is neither. `residual` points at the run's own elements.
        @inline(__always)
        func begin(
            _ y: UnsafeMutablePointer<Float>, _ count: Int, bias: UnsafePointer<Float>?, biasStep: Int,
            residual: UnsafePointer<Float>?
        ) {
            let added = self.residual == .before ? residual : nil
            switch (bias, added) {
            case (let bias?, let added?): weft_binary_f32(WEFT_ADD, count, added, 1, bias, biasStep, y)
            case (let bias?, nil):
                if biasStep == 0 {
                    y.update(repeating: bias[0], count: count)
                } else {
                    y.update(from: bias, count: count)
                }
            case (nil, let added?): y.update(from: added, count: count)
            case (nil, nil): y.update(repeating: 0, count: count)
            }
        }

        /// Ends a run of outputs.
        @inline(__always)
        func end(_ y: UnsafeMutablePointer<Float>, _ count: Int, residual: UnsafePointer<Float>?) {
            if function != WEFT_IDENTITY { weft_unary_f32(function, alpha, beta, count, y, y) }
            if self.residual == .after, let residual { weft_binary_f32(WEFT_ADD, count, y, 1, residual, 1, y) }
        }

        /// Floats of an output block that stay in a core's cache until `end` reads them again.
        static let block = 65536
    }

    extension OpenBLASTable {
        /// Whether a node with an epilogue is one that `EpilogueSearch` means: columns are the output's last axis.
        static func takesEpilogue(_ node: NodeView) -> Bool {
            !node.opType.hasSuffix("MatMul") || (node.inputShape(0).count >= 2 && node.inputShape(1).count >= 2)
        }

        static let epilogue = Condition("a known epilogue") { node, _ in
            guard let activation = try? Activation(fused: node),
                weft_activation_named(activation.name, activation.beta) >= 0
            else {
                return .attribute("activation", got: node.attributes["activation"]?.text ?? "nothing")
            }
            guard let residual = try? ResidualPosition(fused: node) else {
                return .attribute("residual", got: node.attributes["residual"]?.text ?? "nothing")
            }
            if residual != .none, node.inputShape(FusedNode.residualInput) != node.outputShape(0) {
                return .other("the residual has another shape than the output")
            }
            return takesEpilogue(node) ? nil : .rank(1, operand: node.inputShape(0).count < 2 ? 0 : 1)
        }
    }
#endif
