using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Targets;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Rebuild;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Cli.Verifying;

/// <summary>
/// Checks a record against its own facts: reads them, with the lines' history, into memory, folds everything there from nothing and
/// compares each item byte for byte. The record itself is only read. Memory grows with the record.
/// </summary>
internal sealed class RecordCheck(ILoopStore record, Target target, TimeProvider time)
{
    private const int Page = 1_000;
    private const int MaxNamed = 100;
    private const string EndOfIndex = "\u007f";

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public async ValueTask<VerifyReport> RunAsync(CliEnvironment environment, CancellationToken cancellationToken)
    {
        bool sameRules = await OpenStore.HasSameRulesAsync(record, target, environment, cancellationToken).ConfigureAwait(false);
        bool unfinished = (await record.ScanAsync([LineKeys.Only(LineKeys.RebuildMark)], cancellationToken).ConfigureAwait(false))[0].Count > 0;
        var copy = new InMemoryLoopStore();
        var services = await ServicesAsync(copy, cancellationToken).ConfigureAwait(false);
        await using (services.ConfigureAwait(false))
        {
            await CopyHistoryAsync(copy, cancellationToken).ConfigureAwait(false);
            await CopyItemsAsync(copy, cancellationToken).ConfigureAwait(false);
            int facts = await CopyFactsAsync(copy, cancellationToken).ConfigureAwait(false);
            await services.GetRequiredService<ILoopRebuild>().RebuildAsync(cancellationToken).ConfigureAwait(false);
            return await CompareAsync(copy, facts, unfinished, !sameRules, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<ServiceProvider> ServicesAsync(InMemoryLoopStore copy, CancellationToken cancellationToken)
    {
        // Gates that joined later do not hold items that had passed them: when that was stands in the record.
        var version = new PipelineVersion(target.Pipeline.Name, [.. target.Pipeline.Gates.Select(static g => g.Name)], target.Pipeline.Signature);
        var history = await record.RegisterPipelinesAsync([version], time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var pipeline = target.Pipeline with
        {
            Gates = [.. target.Pipeline.Gates.Select(g => history.IntroducedAt.TryGetValue((target.Pipeline.Name, g.Name), out var at) ? g with { IntroducedAt = g.IntroducedAt ?? at } : g)],
        };
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddClosedLoop(loop => loop.UseStore(_ => copy));
        services.AddSingleton(pipeline);
        return services.BuildServiceProvider();
    }

    // What follows from facts is left out: the rebuild makes it again.
    private async ValueTask CopyHistoryAsync(InMemoryLoopStore copy, CancellationToken cancellationToken)
    {
        await copy.InitializeAsync(cancellationToken).ConfigureAwait(false);
        string after = "";
        while (true)
        {
            var rows = (await record.ScanAsync([new IndexRange(after, EndOfIndex, Page)], cancellationToken).ConfigureAwait(false))[0];
            if (rows.Count == 0) return;
            var history = rows.Where(static r => r.Key != LineKeys.RebuildMark && !LineKeys.DerivedKinds.Contains(r.Key[0])).Select(static r => new IndexChange(r.Key, r.Value)).ToList();
            if (history.Count > 0) await copy.CommitAsync(new StoreCommit { At = time.GetUtcNow(), Index = history }, cancellationToken).ConfigureAwait(false);
            // No character of a key sorts before a tab.
            after = rows[^1].Key + "\t";
        }
    }

    // So that each is folded again; what they say is made anew.
    private async ValueTask CopyItemsAsync(InMemoryLoopStore copy, CancellationToken cancellationToken)
    {
        await foreach (var page in record.PagesAsync(new ItemQuery { Limit = 500 }, cancellationToken).ConfigureAwait(false))
            if (page.Count > 0) await copy.CommitAsync(new StoreCommit { At = time.GetUtcNow(), Items = page }, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<int> CopyFactsAsync(InMemoryLoopStore copy, CancellationToken cancellationToken)
    {
        int facts = 0;
        RegisterId? after = null;
        while (await record.ReadFactsAsync(after, Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            await copy.CommitAsync(new StoreCommit { At = time.GetUtcNow(), Registers = page }, cancellationToken).ConfigureAwait(false);
            facts += page.Count;
            after = page[^1].Register;
        }
        return facts;
    }

    private async ValueTask<VerifyReport> CompareAsync(InMemoryLoopStore copy, int facts, bool unfinished, bool otherRules, CancellationToken cancellationToken)
    {
        var different = new List<string>();
        var missing = new List<string>();
        var unwatched = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int items = 0, moving = 0;
        bool polled = false;
        await foreach (var page in record.PagesAsync(new ItemQuery { Limit = 500 }, cancellationToken).ConfigureAwait(false))
        {
            var folded = (await copy.FindItemsAsync([.. page.Select(static r => r.State.Id)], cancellationToken).ConfigureAwait(false)).ToDictionary(static r => r.State.Id, static r => r.State, StringComparer.Ordinal);
            var rows = await record.ReadDueAsync([.. page.Select(static r => Key.Item(r.State.Id))], cancellationToken).ConfigureAwait(false);
            polled |= rows.Any(static d => d.Kind.StartsWith(DueKinds.Probe, StringComparison.Ordinal));
            var due = rows.Select(static d => d.Subject.Value).ToHashSet(StringComparer.Ordinal);
            foreach (var stored in page)
            {
                items++;
                seen.Add(stored.State.Id);
                bool equal = folded.TryGetValue(stored.State.Id, out var state) && StoredJson.Write(state) == StoredJson.Write(stored.State);
                bool watched = !DuePlan.IsWatched(stored.State) || due.Contains(stored.State.Id);
                if (equal && watched) continue;
                if (await HasMovedAsync(stored, cancellationToken).ConfigureAwait(false)) moving++;
                else if (!watched) Name(unwatched, stored.State.Id);
                else if (state is null) Name(missing, stored.State.Id);
                else Name(different, $"{stored.State.Id}: {Difference(stored.State, state)}");
            }
        }
        await foreach (var page in copy.PagesAsync(new ItemQuery { Limit = 500 }, cancellationToken).ConfigureAwait(false))
            foreach (var folded in page)
                if (!seen.Contains(folded.State.Id) && (await record.FindItemsAsync([folded.State.Id], cancellationToken).ConfigureAwait(false)).Count == 0) Name(missing, folded.State.Id);
        return new VerifyReport { Facts = facts, Items = items, Moving = moving, Different = different, Missing = missing, Unwatched = unwatched, Polled = polled, Unfinished = unfinished, OtherRules = otherRules };
    }

    private async ValueTask<bool> HasMovedAsync(ItemRecord before, CancellationToken cancellationToken) =>
        await record.FindItemsAsync([before.State.Id], cancellationToken).ConfigureAwait(false) is not [var now] || now.Version != before.Version || now.UpdatedAt >= _startedAt;

    private static string Difference(ItemState record, ItemState facts)
    {
        foreach (var gate in record.Gates)
            if (facts.Gate(gate.Gate) is { } other && (other.Status != gate.Status || other.Reason != gate.Reason))
                return $"{gate.Gate} is {gate.Status} ({gate.Reason}) in the record and {other.Status} ({other.Reason}) by its facts";
        return record.IsDone != facts.IsDone ? $"done is {record.IsDone} in the record and {facts.IsDone} by its facts" : "its gates agree, and something else does not";
    }

    private static void Name(List<string> list, string what)
    {
        if (list.Count < MaxNamed) list.Add(what);
    }
}
