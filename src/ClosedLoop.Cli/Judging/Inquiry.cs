using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Reading;

namespace ClosedLoop.Cli.Judging;

/// <summary>An item with its judgement, as several commands and the agents' tools need it.</summary>
/// <param name="Item">The item.</param>
/// <param name="Judgement">What holds it up.</param>
internal sealed record Inquiry(ItemBody Item, Judgement Judgement)
{
    /// <summary>The most of an item's log that is read to see what it once had.</summary>
    private const int MaxTransitions = 20_000;

    private const int MaxSuggested = 5;

    /// <summary>Asks a record about an item; null when nothing is known of it.</summary>
    public static async ValueTask<Inquiry?> FindAsync(IRecordReader reader, string id, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } item) return null;
        if (item.Done || item.Abandoned) return new Inquiry(item, Judgement.Of(item, [], []));
        var log = new List<TransitionBody>();
        await foreach (var transition in reader.LogAsync(item.Id, 0, cancellationToken).ConfigureAwait(false))
        {
            if (transition.From != "passed") continue;
            log.Add(transition);
            if (log.Count == MaxTransitions) break;
        }
        var board = await reader.BoardAsync(cancellationToken).ConfigureAwait(false);
        return new Inquiry(item, Judgement.Of(item, log, board.Pipelines));
    }

    /// <summary>Says that nothing is known of an item, and which ids are like it.</summary>
    public static async ValueTask<string> UnknownAsync(IRecordReader reader, string id, string place, CancellationToken cancellationToken)
    {
        string said = $"Nothing is known of '{Showing.Plain.Line(id, 120)}' in {place}: it was not opened there, and no change names it.";
        if (string.IsNullOrWhiteSpace(id)) return said;
        var near = await reader.ListAsync(new ItemFilter { Text = id }, null, MaxSuggested, cancellationToken).ConfigureAwait(false);
        return near.Items.Count > 0
            ? $"{said} Did you mean {string.Join(", ", near.Items.Select(static i => Showing.Plain.Line(i.Id, 80)))}?"
            : $"{said} An id is written exactly as in its tracker; 'closedloop status --find TEXT' searches ids, titles and repositories.";
    }
}
