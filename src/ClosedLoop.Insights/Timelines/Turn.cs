namespace ClosedLoop.Insights.Timelines;

/// <summary>An item became open, or ceased to be.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">How.</param>
public readonly record struct Turn(DateTimeOffset At, TurnKind Kind)
{
    /// <summary>Whether the item is open from then on.</summary>
    public bool Opens => Kind is TurnKind.Opened or TurnKind.Reopened or TurnKind.Resumed;
}
