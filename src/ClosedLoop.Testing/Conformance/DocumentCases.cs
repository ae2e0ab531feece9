using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>Documents: named texts with a version each, beside the record.</summary>
internal static class DocumentCases
{
    private const string A = "incidents/open/a", B = "incidents/open/b";

    private static readonly string[] Names = ["a", "a/!", "a/1", "a/10", "a/2", "a/A", "a/a", "a/~", "a0", "b"];

    public static readonly ConformanceCase[] All =
    [
        new("A document is set, changed and removed, and each change raises its version", Life),
        new("A document that was removed begins again at version 1", Again),
        new("Bodies of documents come back as they are, also empty and long ones", Bodies),
        new("A commit on a document's older version stores nothing", Stale),
        new("A commit on a document that is gone, or was never there, stores nothing", Missing),
        new("A document that is there is not added twice", Twice),
        new("Of several documents one that has changed is enough for a conflict", OneOfSeveral),
        new("Documents are read by how their names begin, in order, after a name and as many as asked for", Ranges),
        new("Documents without a prefix are not read", NoPrefix),
        new("A document that cannot be kept is refused with all of its commit", Validation),
        new("Removing what was never there is taken", RemoveNothing),
        new("Documents outlive the record beside them: a purge and removed items, registers and rows take none", Survive),
        new("Documents do not make a load stale", Tokens),
        new("A stale load is a conflict whatever its documents are", StaleLoad),
        new("Of 8 that count in one document none loses a step", Counter),
        new("Of 8 that add one document at once exactly one does", AddRace),
        new("Commits of the same documents in any order do not stand in each other's way", AnyOrder),
    ];

    private static async Task Life(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange(A, "one", 0));
        Expect.Sequence([new StoredDocument(A, "one", 1)], await store.ReadDocuments(A));
        await store.PutDocuments(new DocumentChange(A, "two", 1), new DocumentChange(B, "other", 0));
        await store.PutDocuments(new DocumentChange(A, "two", 2));
        Expect.Sequence([new StoredDocument(A, "two", 3), new StoredDocument(B, "other", 1)], await store.ReadDocuments("incidents/"));
        await store.PutDocuments(new DocumentChange(A, null, 3), new DocumentChange(B, "changed", 1));
        Expect.Sequence([new StoredDocument(B, "changed", 2)], await store.ReadDocuments("incidents/"));
    }

    private static async Task Again(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange(A, "one", 0));
        await store.PutDocuments(new DocumentChange(A, "two", 1));
        await store.PutDocuments(new DocumentChange(A, null, 2));
        Expect.Equal(0, (await store.ReadDocuments("i")).Count);
        await store.PutDocuments(new DocumentChange(A, "three", 0));
        Expect.Sequence([new StoredDocument(A, "three", 1)], await store.ReadDocuments("i"));
    }

    private static async Task Bodies(ILoopStore store)
    {
        string[] bodies = ["", "\t\n", "é😀", """{"a":"\u0000"}""", new string('b', DocumentChange.MaxBodyLength)];
        await store.PutDocuments([.. bodies.Select(static (b, i) => new DocumentChange($"b/{i}", b, 0))]);
        Expect.Sequence(bodies, (await store.ReadDocuments("b/")).Select(static d => d.Body));
        string longest = new('n', DocumentChange.MaxNameLength);
        await store.PutDocuments(new DocumentChange(longest, "", 0));
        Expect.Equal(longest, (await store.ReadDocuments("n")).Single().Name);
    }

    private static async Task Stale(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange(A, "one", 0));
        await store.PutDocuments(new DocumentChange(A, "two", 1));
        foreach (long version in new[] { 1, 3 })
        {
            await ExpectConflict(store, new DocumentChange(A, "mine", version));
            await ExpectConflict(store, new DocumentChange(A, null, version));
        }
        Expect.Sequence([new StoredDocument(A, "two", 2)], await store.ReadDocuments(A));
    }

    private static async Task Missing(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange(A, "one", 0));
        await store.PutDocuments(new DocumentChange(A, null, 1));
        foreach (string name in new[] { A, B })
        {
            await ExpectConflict(store, new DocumentChange(name, "mine", 1));
            await ExpectConflict(store, new DocumentChange(name, null, 1));
        }
        Expect.Equal(0, (await store.ReadDocuments("incidents/")).Count);
    }

    private static async Task Twice(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange(A, "one", 0));
        await ExpectConflict(store, new DocumentChange(A, "one", 0));
        await ExpectConflict(store, new DocumentChange(A, null, 0));
        Expect.Sequence([new StoredDocument(A, "one", 1)], await store.ReadDocuments(A));
    }

    private static async Task OneOfSeveral(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange("a/1", "one", 0), new DocumentChange("a/2", "two", 0), new DocumentChange("a/3", "three", 0));
        await store.PutDocuments(new DocumentChange("a/2", "changed", 1));
        await ExpectConflict(store, new DocumentChange("a/9", "new", 0), new DocumentChange("a/3", null, 1), new DocumentChange("a/2", "mine", 1), new DocumentChange("a/1", "mine", 1), new DocumentChange("a/0", "new", 0));
        Expect.Sequence([new("a/1", "one", 1), new("a/2", "changed", 2), new StoredDocument("a/3", "three", 1)], await store.ReadDocuments("a/"));
    }

    private static async Task Ranges(ILoopStore store)
    {
        await store.PutDocuments([.. Names.Reverse().Select(static n => new DocumentChange(n, $"body of {n}", 0))]);
        Expect.Sequence(Names[..9], await NamesAsync(store, "a"));
        Expect.Sequence(Names[1..8], await NamesAsync(store, "a/"));
        Expect.Sequence(Names[2..4], await NamesAsync(store, "a/1"));
        Expect.Sequence(Names[7..8], await NamesAsync(store, "a/~"));
        Expect.Sequence([], await NamesAsync(store, "a/11"));
        Expect.Sequence([], await NamesAsync(store, "é"));
        Expect.Sequence(Names[3..8], await NamesAsync(store, "a/", "a/1"));
        Expect.Sequence(Names[4..8], await NamesAsync(store, "a/", "a/11"));
        Expect.Sequence(Names[1..8], await NamesAsync(store, "a/", "Z"));
        Expect.Sequence(Names[1..9], await NamesAsync(store, "a", "a"));
        Expect.Sequence([], await NamesAsync(store, "a/", "a/~"));
        Expect.Sequence([], await NamesAsync(store, "a/", "b"));
        Expect.Sequence(Names[1..3], await NamesAsync(store, "a/", null, 2));
        Expect.Sequence(Names[3..5], await NamesAsync(store, "a/", "a/1", 2));
        Expect.Sequence(Names[1..2], await NamesAsync(store, "a/", null, 0));
        Expect.Equal(new StoredDocument("a/10", "body of a/10", 1), (await store.ReadDocuments("a/1"))[1]);
        await store.PutDocuments([.. Enumerable.Range(0, 1_001).Select(static i => new DocumentChange(string.Create(CultureInfo.InvariantCulture, $"many/{i:0000}"), "", 0))]);
        Expect.Sequence(["many/0999"], (await NamesAsync(store, "many/", null, 5_000)).Skip(999));
    }

    private static async Task NoPrefix(ILoopStore store)
    {
        foreach (string? prefix in new[] { "", null })
            await Expect.Throws<ArgumentException>(async () => await store.ReadDocumentsAsync(new DocumentQuery { Prefix = prefix! }, CancellationToken.None), "a query without a prefix");
    }

    private static async Task Validation(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange(A, "one", 0));
        DocumentChange[][] impossible =
        [
            [new("", "", 0)], [new("a b", "", 0)], [new("é", "", 0)], [new("a\0", "", 0)], [new(new string('n', DocumentChange.MaxNameLength + 1), "", 0)],
            [new("a", new string('b', DocumentChange.MaxBodyLength + 1), 0)], [new(A, "two", -1)], [new("a", "", 0), new("a", null, 0)],
        ];
        foreach (var changes in impossible)
        {
            await Expect.Throws<ArgumentException>(async () => await store.CommitAsync(Beside([new DocumentChange(A, "two", 1), .. changes]), CancellationToken.None), $"the document {changes[0].Name}");
            await ExpectNothingBeside(store);
        }
        Expect.Sequence([new StoredDocument(A, "one", 1)], await store.ReadDocuments(A));
    }

    private static async Task RemoveNothing(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange(A, null, 0), new DocumentChange(B, "there", 0));
        Expect.Sequence([new StoredDocument(B, "there", 1)], await store.ReadDocuments("incidents/"));
    }

    private static async Task Survive(ILoopStore store)
    {
        var put = Beside([new DocumentChange(A, "one", 0)]) with { Index = [new IndexChange("k", "v")] };
        await store.Put(put);
        await store.Put(new StoreCommit { At = At(1), RemovedItems = ["BL-1"], Registers = [Fact(Pr(2), 2)], Index = [new IndexChange("k", null)], Due = [Due(Pr(1), 0) with { DueAt = null }] });
        Expect.True(await store.PurgeAsync(new PurgeRequest { DeliveriesBefore = At(9), FactLogBefore = At(9), QuarantineBefore = At(9) }, CancellationToken.None) >= 3);
        await store.InitializeAsync(CancellationToken.None);
        Expect.Sequence([new StoredDocument(A, "one", 1)], await store.ReadDocuments(A));
    }

    private static async Task Tokens(ILoopStore store)
    {
        await store.PutFacts(Fact(Pr(1)));
        var loaded = await store.Load(Pr(1));
        await store.PutDocuments(new DocumentChange(A, "one", 0));
        await store.Put(new StoreCommit { At = T0, Token = loaded.Token, Documents = [new DocumentChange(A, "two", 1)] });
        await ExpectConflict(store, new DocumentChange(A, "mine", 1));
        var result = await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Documents = [new DocumentChange(A, null, 2)] }, CancellationToken.None);
        Expect.Equal(CommitOutcome.Committed, result.Outcome);
        await store.Put(new StoreCommit { At = T0, Token = result.Token, Registers = [Fact(Pr(1), 2)], Documents = [new DocumentChange(B, "", 0)] });
        Expect.Sequence([new StoredDocument(B, "", 1)], await store.ReadDocuments("incidents/"));
    }

    private static async Task StaleLoad(ILoopStore store)
    {
        await store.PutDocuments(new DocumentChange(A, "one", 0));
        var loaded = await store.Load(Pr(1));
        await store.PutFacts(Fact(Pr(1)));
        foreach (long version in new[] { 0, 1 })
        {
            var outcome = await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Registers = [Fact(Pr(1), 2)], Documents = [new DocumentChange(A, "two", version)] }, CancellationToken.None);
            Expect.Equal(CommitOutcome.Conflict, outcome.Outcome);
        }
        Expect.Sequence([new StoredDocument(A, "one", 1)], await store.ReadDocuments(A));
    }

    private static async Task Counter(ILoopStore store)
    {
        const int Tasks = 8, Steps = 5;
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => Task.Run(async () =>
        {
            for (int done = 0; done < Steps;)
            {
                var read = (await store.ReadDocuments("counter")).SingleOrDefault();
                int next = 1 + int.Parse(read?.Body ?? "0", CultureInfo.InvariantCulture);
                var change = new DocumentChange("counter", next.ToString(CultureInfo.InvariantCulture), read?.Version ?? 0);
                if (await store.CommitAsync(new StoreCommit { At = T0, Documents = [change], Transitions = [Transition("BL-1", change.Body)] }, CancellationToken.None) == CommitOutcome.Committed) done++;
            }
        })));
        Expect.Sequence([new StoredDocument("counter", "40", Tasks * Steps)], await store.ReadDocuments("counter"));
        var log = await store.ReadTransitionsAsync(new TransitionQuery(), CancellationToken.None);
        Expect.Sequence(Enumerable.Range(1, Tasks * Steps).Select(static i => i.ToString(CultureInfo.InvariantCulture)), log.Select(static t => t.Detail));
    }

    private static async Task AddRace(ILoopStore store)
    {
        for (int round = 0; round < 5; round++)
        {
            string name = $"race/{round}";
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
                await store.CommitAsync(new StoreCommit { At = T0, Documents = [new DocumentChange(name, $"{i}", 0)], Deliveries = [new DeliveryId(name, $"{i}")] }, CancellationToken.None))));
            int winner = Array.FindIndex(outcomes, static o => o == CommitOutcome.Committed);
            Expect.Equal(1, outcomes.Count(static o => o == CommitOutcome.Committed));
            Expect.Sequence([new StoredDocument(name, $"{winner}", 1)], await store.ReadDocuments(name));
            var known = (await store.LoadAsync(new LoadRequest { Deliveries = [.. Enumerable.Range(0, 8).Select(i => new DeliveryId(name, $"{i}"))] }, CancellationToken.None)).KnownDeliveries;
            Expect.Same([new DeliveryId(name, $"{winner}")], known);
        }
    }

    private static async Task AnyOrder(ILoopStore store)
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(static i => $"d/{i:00}")];
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            int commits = 0;
            for (int round = 0; round < 10; round++)
            {
                var versions = (await store.ReadDocuments("d/")).ToDictionary(static d => d.Name, static d => d.Version);
                // Some are added, some changed and some removed, by one task from the front and by the next one from the back.
                DocumentChange[] changes = [.. names.Where((_, i) => (i + task) % 3 != 0).Select((n, i) => new DocumentChange(n, (i + round + task) % 4 == 0 ? null : "body", versions.GetValueOrDefault(n)))];
                if (task % 2 == 1) Array.Reverse(changes);
                if (await store.CommitAsync(new StoreCommit { At = T0, Documents = changes, Outbox = [Message($"{task}/{round}")] }, CancellationToken.None) == CommitOutcome.Committed) commits++;
            }
            return commits;
        })));
        Expect.True(taken.Sum() > 0);
        Expect.Equal(taken.Sum(), (await store.ClaimOutbox(9)).Count);
    }

    private static async Task ExpectConflict(ILoopStore store, params DocumentChange[] changes)
    {
        Expect.Equal(CommitOutcome.Conflict, await store.CommitAsync(Beside(changes), CancellationToken.None));
        await ExpectNothingBeside(store);
    }

    private static StoreCommit Beside(DocumentChange[] documents) => new()
    {
        At = T0,
        Documents = documents,
        Registers = [Fact(Pr(2))],
        Items = [Item("BL-1")],
        Transitions = [Transition("BL-1")],
        Due = [Due(Pr(1), 0)],
        Outbox = [Message("m")],
        Deliveries = [new DeliveryId("kit", "1")],
        Quarantine = [LogCases.Entry("q")],
        Log = [new LoggedFact(Fact(Pr(2)), StoredJson.Digest(Fact(Pr(2))), "kit")],
    };

    private static async Task ExpectNothingBeside(ILoopStore store)
    {
        await CommitCases.ExpectNothingStored(store);
        Expect.Equal(0, await store.PurgeAsync(new PurgeRequest { FactLogBefore = At(9) }, CancellationToken.None));
    }

    private static async Task<IEnumerable<string>> NamesAsync(ILoopStore store, string prefix, string? after = null, int limit = 1_000) =>
        (await store.ReadDocumentsAsync(new DocumentQuery { Prefix = prefix, After = after, Limit = limit }, CancellationToken.None)).Select(static d => d.Name);

    private static async Task<IReadOnlyList<StoredDocument>> ReadDocuments(this ILoopStore store, string prefix) => await store.ReadDocumentsAsync(new DocumentQuery { Prefix = prefix }, CancellationToken.None);

    private static Task PutDocuments(this ILoopStore store, params DocumentChange[] changes) => store.Put(new StoreCommit { At = T0, Documents = changes });
}
