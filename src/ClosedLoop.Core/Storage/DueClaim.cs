using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>A claimed due row.</summary>
/// <param name="Subject">What is due.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="DueAt">When it was due.</param>
/// <param name="Attempts">How often it was claimed since it was last set, this time included.</param>
/// <param name="Token">The fencing token of this claim.</param>
/// <param name="Payload">The text kept with the row.</param>
public sealed record DueClaim(Key Subject, string Kind, DateTimeOffset DueAt, int Attempts, long Token, string? Payload);
