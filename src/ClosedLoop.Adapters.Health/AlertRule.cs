namespace ClosedLoop.Adapters.Health;

/// <summary>Which alerts of Alertmanager speak of which environment or target. While one fires, what runs there is not well.</summary>
public sealed class AlertRule
{
    /// <summary>The name; its facts' writer is <c>health:NAME</c>. Lower-case letters, digits and '-', at most 55, and unique among checks too. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>The environment that the alerts are about, as the deployer calls it. Required.</summary>
    public string Environment { get; set; } = "";

    /// <summary>The target in it, as the deployer names it (<c>eu</c>). The default is null: all targets of the environment.</summary>
    public string? Target { get; set; }

    /// <summary>The gate. The default is <c>healthy</c>.</summary>
    public string Gate { get; set; } = Gates.Healthy;

    /// <summary>The labels that an alert must have, all of them, with these values, such as <c>service</c> = <c>shop</c>. At least one.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The label that holds the version that the alert is of: a full commit id or an image's digest. The default is null: the alert is of what the rollout says
    /// runs at <see cref="Environment"/> and <see cref="Target"/>.
    /// </summary>
    public string? VersionLabel { get; set; }

    /// <summary>The repository of versions that are commits, <c>owner/name</c>. The default is null.</summary>
    public string? Repository { get; set; }

    /// <summary>
    /// Whether the end of an alert is evidence that its version is well, told as <c>health:NAME-resolved</c>. The default is false: the end of an alert only
    /// takes back what the alert said. Needs <see cref="VersionLabel"/>.
    /// </summary>
    public bool ResolvedPasses { get; set; }
}
