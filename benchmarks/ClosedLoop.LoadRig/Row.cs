namespace ClosedLoop.LoadRig;

/// <summary>One comparison of a report.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Twin">What it was measured beside.</param>
/// <param name="Unit">The unit of both columns.</param>
/// <param name="Ours">ClosedLoop's figures.</param>
/// <param name="Theirs">The twin's figures.</param>
/// <param name="TimeRatio">Our time divided by the twin's, round by round: 1 is no overhead, whatever the unit.</param>
/// <param name="More">What else is worth knowing.</param>
internal sealed record Row(string Case, string Twin, string Unit, Spread Ours, Spread Theirs, Spread TimeRatio, IReadOnlyDictionary<string, double> More)
{
    /// <summary>A digest of the resulting state, where runs are compared by it.</summary>
    public string? StateHash { get; init; }
}
