namespace ClosedLoop.Lines;

/// <summary>What a commit at a known place does to a change.</summary>
internal sealed record EffectPoint(string Sha, ChainPoint Point, Effect Effect)
{
    /// <summary>From the landing to an instant; two clocks may disagree, and nothing waits for less than no time.</summary>
    public TimeSpan WaitedUntil(DateTimeOffset instant) => instant > Effect.At ? instant - Effect.At : TimeSpan.Zero;
}
