using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>A difference whose patch is compared with those of landings.</summary>
/// <param name="Diff">The difference.</param>
/// <param name="Line">The line that it landed on, by its place in the order of lines; -1: it is on none.</param>
/// <param name="Landing">The commit, when it landed.</param>
/// <param name="Names">What a landing with the same patch is a landing of.</param>
internal sealed record Participant(DiffKey Diff, int Line, LineCommit? Landing, ImmutableArray<Key> Names);
