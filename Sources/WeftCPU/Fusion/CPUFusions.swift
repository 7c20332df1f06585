package import WeftProvider
import WeftProviderKit

extension CPUProvider {
    package func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion] {
        var search = EpilogueSearch(
            graph, heads: ["Conv", "MatMul", "Gemm"], activations: Activation.names
        ) { head in
            switch head.opType {
            case "Conv": ConvPixels.admits(head)
            case "MatMul": head.input(1)?.constant != nil && head.inputShape(1).count == 2
            default: head.input(1)?.constant != nil
            }
        }
        let found =
            search.fusions() + AttentionSearch(graph).fusions() + LayerNormalizationSearch(graph).fusions()
        return found.filter { fusion in
            if case .variants = support(fusion.fused, on: device) { return true }
            return false
        }
    }
}
