namespace ClosedLoop.Adapters.Kubernetes;

/// <summary>A namespace whose workloads count.</summary>
public sealed class KubernetesNamespace
{
    /// <summary>The namespace's name. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>The environment that its workloads are targets of, such as <c>production</c>. The default is null: the namespace's name.</summary>
    public string? Environment { get; set; }

    /// <summary>Which workloads of it count, as a label selector such as <c>app.kubernetes.io/part-of=shop</c>. The default is null: all.</summary>
    public string? LabelSelector { get; set; }
}
