using ClosedLoop.Items;

namespace ClosedLoop.AspNetCore.Api;

internal sealed record ChangeBody(string Change, string? Head, IReadOnlyList<string> Landings, IReadOnlyList<string> Lines, bool Abandoned)
{
    public static ChangeBody Of(ChangeView change) =>
        new(change.Change.ToString(), change.Head, [.. change.Landings.Select(static l => l.ToString())], [.. change.Lines.Select(static l => l.ToString())], change.Abandoned);
}
