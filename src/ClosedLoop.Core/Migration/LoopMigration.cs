using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Migration;

internal sealed class LoopMigration(EngineStart start, IIntake intake, PipelineCatalog pipelines, OrdinalClock ordinals, TimeProvider time) : ILoopMigration
{
    private const int FactsPerCommit = 500;

    public async ValueTask<int> BackdateAsync(IEnumerable<MigratedItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var all = items.ToList();
        await SubmitAsync(all.SelectMany(item => (Fact[])[Item(item, "backdated"), .. Gates(item)]), cancellationToken).ConfigureAwait(false);
        return all.Count;
    }

    public async ValueTask<int> CliffAsync(IEnumerable<MigratedItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var all = items.ToList();
        await SubmitAsync(all.Select(static item => Item(item, "cliff")), cancellationToken).ConfigureAwait(false);
        return all.Count;
    }

    public ValueTask<int> RecoverAsync(IEnumerable<Fact> facts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return SubmitAsync(facts.Select(static fact => fact.Attribute(FactAttributes.Migration) is not null
            ? fact
            : throw new ArgumentException($"The fact {fact.Kind} of {fact.Subject} is not flagged as migrated; set the attribute '{FactAttributes.Migration}'.", nameof(facts))), cancellationToken);
    }

    public async ValueTask<long> LoadHistoryAsync(IAsyncEnumerable<IReadOnlyList<CommitNode>> pages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pages);
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        long loaded = 0;
        await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var submission = new Submission { Source = "migration", ReceivedAt = time.GetUtcNow(), History = [.. page], Writers = [Writer.Migration] };
            var result = await intake.SubmitAsync(submission, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != SubmissionOutcome.Committed) throw new StoreUnavailableException($"The history stopped after {loaded} commits: {result.Detail} It is safe to load it again.");
            if (result.Refusals.Count > 0) throw new InvalidOperationException($"The history was refused: {result.Refusals[0]}");
            loaded += page.Count;
        }
        return loaded;
    }

    public async ValueTask BaselineAsync(Key subject, string repository, string commit, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(repository);
        if (!subject.Is(KeySchemes.Branch) && !subject.Is(KeySchemes.Environment)) throw new ArgumentException($"A baseline is of a line or an environment, not of '{subject}'; use Key.Branch or Key.Environment.", nameof(subject));
        if (!CommitId.IsSha(commit)) throw new ArgumentException($"'{commit}' is no full commit id; pass all 40 or 64 hexadecimal digits.", nameof(commit));
        var now = time.GetUtcNow();
        await SubmitAsync(
            [
                new Fact
                {
                    // An environment has one baseline for each repository that it runs.
                    Subject = subject.Is(KeySchemes.Environment) ? Key.Environment($"{subject.Value}@{repository.ToLowerInvariant()}") : subject,
                    Kind = FactKinds.Baseline,
                    Writer = Writer.Migration,
                    Ordinal = ordinals.Next(),
                    OccurredAt = now,
                    Revision = commit,
                    Attributes = Attributes((FactAttributes.Repository, repository)),
                },
            ],
            cancellationToken).ConfigureAwait(false);
    }

    private static Fact Item(MigratedItem item, string migration) => new()
    {
        Subject = Key.Item(item.Id),
        Kind = FactKinds.Item,
        Writer = Writer.Migration,
        Ordinal = Ordinal.At(item.OpenedAt),
        OccurredAt = item.OpenedAt,
        Attributes = Attributes((FactAttributes.Migration, migration), (FactAttributes.Title, item.Title)),
    };

    private IEnumerable<Fact> Gates(MigratedItem item)
    {
        if (item.CompletedAt is not { } completed) yield break;
        foreach (string gate in pipelines.Default.Done.Gates)
        {
            yield return new Fact
            {
                Subject = Key.Item(item.Id),
                Kind = gate,
                Writer = Writer.Migration,
                Ordinal = Ordinal.At(completed),
                OccurredAt = completed,
                Status = GateStatus.Passed,
                Reason = Reason.Migrated,
                Detail = "backdated from older records",
                Attributes = Attributes((FactAttributes.Migration, "backdated")),
            };
        }
    }

    private static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string? Value)[] values) =>
        values.Where(static v => v.Value is not null).ToImmutableSortedDictionary(static v => v.Name, static v => v.Value!, StringComparer.Ordinal);

    private async ValueTask<int> SubmitAsync(IEnumerable<Fact> facts, CancellationToken cancellationToken)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        int fresh = 0;
        foreach (var chunk in facts.Chunk(FactsPerCommit))
        {
            var submission = new Submission { Source = "migration", ReceivedAt = time.GetUtcNow(), Facts = [.. chunk], Writers = [.. chunk.Select(static f => f.Writer).Distinct()] };
            var result = await intake.SubmitAsync(submission, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != SubmissionOutcome.Committed) throw new StoreUnavailableException($"The migration stopped after {fresh} new facts: {result.Detail} It is safe to run it again.");
            if (result.Refusals.Count > 0) throw new InvalidOperationException($"The migration's facts were refused: {result.Refusals[0]}");
            fresh += result.NewFacts;
        }
        return fresh;
    }
}
