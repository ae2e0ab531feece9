using ClosedLoop.Items;
using static ClosedLoop.Storage.Sqlite.SqliteValues;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>What the board asks of one open item: a row of open_item, which is written only when this differs from what is there.</summary>
internal readonly record struct OpenItem(BoardPlace Place, string? Repository, string? Agent, string? Priority, long WaitingSince, long? NextDeadline, string? Title)
{
    /// <summary>The item's row, or null when it is closed.</summary>
    public static OpenItem? Of(ItemState state) => state.IsDone || state.Abandoned
        ? null
        : new OpenItem(BoardPlace.Of(state), state.Repository, state.Provenance?.Agent, state.Priority, ItemCursor.WaitingTicks(state), Ticks(state.NextDeadline()), state.Title);

    /// <summary>What a search for text finds it by. A text that goes across a line's end is not one of the item's; the search looks at the item again.</summary>
    public string TextOf(string id) => LowerAscii($"{id}\n{Title}\n{Repository}");

    /// <summary>What it can be filtered by.</summary>
    public IEnumerable<(FacetKind Kind, string Name)> Facets
    {
        get
        {
            if (Repository is not null) yield return (FacetKind.Repository, Repository);
            if (Agent is not null) yield return (FacetKind.Agent, Agent);
            if (Priority is not null) yield return (FacetKind.Priority, Priority);
        }
    }
}
