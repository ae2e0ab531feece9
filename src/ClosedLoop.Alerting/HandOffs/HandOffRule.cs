namespace ClosedLoop.Alerting.HandOffs;

/// <summary>That incidents are handed to an agent before people are told.</summary>
/// <param name="Name">The hand-off's name.</param>
/// <param name="Within">How long the agent has.</param>
internal sealed record HandOffRule(string Name, TimeSpan Within)
{
    /// <summary>Only at these gates; null: any.</summary>
    public IReadOnlyList<string>? Gates { get; init; }

    /// <summary>Only these kinds of cause; null: any.</summary>
    public IReadOnlyList<string>? CauseKinds { get; init; }

    public bool Matches(Causes.Cause cause) =>
        (Gates is null || (cause.Gate is { } gate && Gates.Contains(gate, StringComparer.Ordinal))) && (CauseKinds is null || CauseKinds.Contains(cause.Kind, StringComparer.Ordinal));
}
