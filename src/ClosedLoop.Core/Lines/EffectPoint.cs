namespace ClosedLoop.Lines;

/// <summary>What a commit at a known place does to a change.</summary>
internal sealed record EffectPoint(string Sha, ChainPoint Point, Effect Effect);
