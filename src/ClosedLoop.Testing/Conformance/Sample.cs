using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Testing.Conformance;

/// <summary>Small contents to store.</summary>
internal static class Sample
{
    /// <summary>An instant with a digit in its last tick, to show that instants come back exactly.</summary>
    public static readonly DateTimeOffset T0 = new DateTimeOffset(2026, 1, 5, 9, 30, 15, TimeSpan.Zero).AddTicks(1_234_567);

    public static DateTimeOffset At(double minutes) => T0.AddMinutes(minutes);

    public static Key Pr(int number) => Key.PullRequest("acme/web", number);

    public static Key Commit(string sha) => Key.Commit("acme/web", sha);

    public static Key Build(int number) => Key.Build($"https://ci.example/job/web/{number}");

    public static Fact Fact(Key subject, params ReadOnlySpan<Key> links) => Fact(subject, 1, links);

    public static Fact Fact(Key subject, long ordinal, params ReadOnlySpan<Key> links) => new()
    {
        Subject = subject,
        Kind = "seen",
        Writer = new Writer(WriterRoles.Ci, "kit"),
        Ordinal = new Ordinal(ordinal),
        Status = GateStatus.Passed,
        Reason = Reason.Exact,
        OccurredAt = T0,
        Links = [.. links],
    };

    public static ItemRecord Item(string id, double updated = 0, long version = 1) => new()
    {
        State = State(id),
        Version = version,
        UpdatedAt = At(updated),
    };

    public static ItemState State(string id) => new()
    {
        Id = id,
        Pipeline = "delivery",
        DoneDefinition = "merged",
        WaitingOn = Gates.Merged,
        Gates = [new GateView { Gate = Gates.PrOpened, Status = GateStatus.Passed, Reason = Reason.Exact }, new GateView { Gate = Gates.Merged }],
    };

    public static Transition Transition(string item, string? detail = null) => new()
    {
        ItemId = item,
        Kind = TransitionKind.Gate,
        Gate = Gates.Merged,
        To = GateStatus.Passed,
        Reason = Reason.Exact,
        Detail = detail,
        RecordedAt = T0,
    };

    public static OutboxMessage Message(string key, double notBefore = 0) => new(key, "slack", $$"""{"text":"{{key}} – ok"}""", At(notBefore));

    public static DueChange Due(Key subject, double minutes, string kind = "probe:kit", DueMode mode = DueMode.Set, long token = 0, string? payload = null) => new()
    {
        Subject = subject,
        Kind = kind,
        DueAt = At(minutes),
        Mode = mode,
        Token = token,
        Payload = payload,
    };

    public static ClaimRequest Claim(double now, double lease = 5, int limit = 100, string? kind = null) => new()
    {
        Now = At(now),
        Lease = TimeSpan.FromMinutes(lease),
        Limit = limit,
        Kind = kind,
    };

    public static async Task Put(this ILoopStore store, StoreCommit commit) =>
        Expect.Equal(CommitOutcome.Committed, await store.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false));

    public static Task PutFacts(this ILoopStore store, params Fact[] facts) => store.Put(new StoreCommit { At = T0, Registers = facts });

    public static Task PutItems(this ILoopStore store, params ItemRecord[] items) => store.Put(new StoreCommit { At = T0, Items = items });

    public static Task PutDue(this ILoopStore store, params DueChange[] changes) => store.Put(new StoreCommit { At = T0, Due = changes });

    public static Task PutOutbox(this ILoopStore store, params OutboxMessage[] messages) => store.Put(new StoreCommit { At = T0, Outbox = messages });

    public static async Task<Neighbourhood> Load(this ILoopStore store, params Key[] keys) =>
        await store.LoadAsync(new LoadRequest { Targets = keys }, CancellationToken.None).ConfigureAwait(false);

    public static async Task<IReadOnlyList<DueClaim>> ClaimDue(this ILoopStore store, double now, double lease = 5, int limit = 100, string? kind = null) =>
        await store.ClaimDueAsync(Claim(now, lease, limit, kind), CancellationToken.None).ConfigureAwait(false);

    public static async Task<IReadOnlyList<OutboxClaim>> ClaimOutbox(this ILoopStore store, double now, double lease = 5, int limit = 100) =>
        await store.ClaimOutboxAsync(Claim(now, lease, limit), CancellationToken.None).ConfigureAwait(false);

    /// <summary>Renews claims until a minute.</summary>
    /// <returns>The tokens of those that hold, in their order.</returns>
    public static async Task<IEnumerable<long>> Renew(this ILoopStore store, double until, IReadOnlyList<DueClaim> due, params IReadOnlyList<OutboxClaim> outbox) =>
        (await store.RenewAsync(new LeaseRenewal { Until = At(until), Due = due, Outbox = outbox }, CancellationToken.None).ConfigureAwait(false)).Order();

    public static async Task Complete(this ILoopStore store, OutboxClaim claim, DateTimeOffset? retryAt = null, string? error = null) =>
        await store.CompleteOutboxAsync(
            [new OutboxCompletion { IdempotencyKey = claim.Message.IdempotencyKey, Token = claim.Token, RetryAt = retryAt, Error = error }],
            CancellationToken.None).ConfigureAwait(false);

    public static async Task<IReadOnlyList<ItemRecord>> Find(this ILoopStore store, params string[] ids) =>
        await store.FindItemsAsync(ids, CancellationToken.None).ConfigureAwait(false);

    public static async Task<ItemPage> List(this ILoopStore store, ItemQuery query) => await store.QueryItemsAsync(query, CancellationToken.None).ConfigureAwait(false);

    public static IEnumerable<string> Ids(this IEnumerable<ItemRecord> items) => items.Select(static i => i.State.Id);

    /// <summary>The stored form of records, which compares by content where the records' lists do not.</summary>
    public static string Json(this ItemState state) => StoredJson.Write(state);
}
