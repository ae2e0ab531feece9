using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>One observation for the append-only log.</summary>
/// <param name="Fact">The fact as it was observed.</param>
/// <param name="Digest">
/// SHA-256 of its canonical JSON, lower-case hexadecimal: of several with one digest the first is logged. Null for one that changes its register: that was not there before, and the store need
/// not look for it.
/// </param>
/// <param name="Source">Where it came from: an adapter's webhook or probe, or an API writer.</param>
public sealed record LoggedFact(Fact Fact, string? Digest, string Source);
