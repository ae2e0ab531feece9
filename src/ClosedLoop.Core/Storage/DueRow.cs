using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>A due row as it stands, claimed or not.</summary>
/// <param name="Subject">What is due.</param>
/// <param name="Kind">What is to be done; see <see cref="DueKinds"/>.</param>
/// <param name="DueAt">When; during a claim, when it was due.</param>
public sealed record DueRow(Key Subject, string Kind, DateTimeOffset DueAt);
