namespace ClosedLoop.Cli.Commands;

/// <summary>What became of a record or a waiver.</summary>
/// <param name="Id">The item.</param>
/// <param name="Gate">The gate.</param>
/// <param name="Recorded">Whether it is in the record.</param>
/// <param name="Why">What the item waits for now.</param>
/// <param name="Done">Whether it is done now.</param>
internal sealed record WrittenBody(string Id, string Gate, bool Recorded, string? Why, bool Done);
