using ClosedLoop.Facts;
using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>Due rows and their claims.</summary>
internal static class DueCases
{
    private static readonly Key A = Key.Item("A");
    private static readonly Key B = Key.Item("B");
    private static readonly Key C = Key.Item("C");

    public static readonly ConformanceCase[] All =
    [
        new("Due rows are claimed oldest first, then by subject and kind", Order),
        new("A claim is limited, and limits out of range are brought into it", Limits),
        new("A claim asks for one kind or for all", Kinds),
        new("A claimed row is nobody else's until its lease ends", Lease),
        new("A row whose lease has ended is claimed in its old place, with a greater token and one attempt more", Takeover),
        new("A claim that is renewed is nobody else's until its new end, and keeps its token and attempts", Renewed),
        new("A claim that has ended or was taken over is not renewed; one that only ran out is", RenewedTooLate),
        new("Set ends the claim and starts the attempts again", Set),
        new("Retry ends the claim and keeps the attempts", Retry),
        new("Bring forward only makes earlier, and the claim stays", BringForward),
        new("What is brought forward during a claim is due when the claim ends, unless it is to be tried again", BringForwardDuringClaim),
        new("Add only leaves a row that exists alone", AddOnly),
        new("A change by a claim that was taken over is left out", Fenced),
        new("A change by a claim that somebody's Set has ended is left out", FencedBySet),
        new("A change by a claim on a row that was removed does not bring it back", FencedByRemoval),
        new("Removing takes a row of any mode", Remove),
        new("A payload stays until another one is given", Payload),
        new("Several changes of one row apply in their order", InOrder),
        new("Instants of due rows come back exactly", Exact),
        new("Claims of several threads do not overlap", Parallel),
        new("Rows are read by subject, of any kind, claimed or not", Read),
        new("The next wake is the earliest free row or end of a lease", NextWake),
    ];

    private static async Task Order(ILoopStore store)
    {
        await store.PutDue(Due(C, 1), Due(B, 1, "probe:z"), Due(B, 1, "probe:a"), Due(A, 2), Due(Key.Item("later"), 4), Due(Key.Item("Z"), 1));
        Expect.Sequence(
            [(B, "probe:a"), (B, "probe:z"), (C, "probe:kit"), (Key.Item("Z"), "probe:kit"), (A, "probe:kit")],
            (await store.ClaimDue(3)).Select(static c => (c.Subject, c.Kind)));
    }

    private static async Task Limits(ILoopStore store)
    {
        await store.PutDue([.. Enumerable.Range(0, 1100).Select(static i => Due(Key.Item($"i{i:0000}"), i / 1000.0))]);
        Expect.Sequence(["i0000", "i0001", "i0002"], (await store.ClaimDue(10, limit: 3)).Select(static c => c.Subject.Value));
        Expect.Sequence(["i0003"], (await store.ClaimDue(10, limit: 0)).Select(static c => c.Subject.Value));
        Expect.Equal(1000, (await store.ClaimDue(10, limit: int.MaxValue)).Count);
    }

    private static async Task Kinds(ILoopStore store)
    {
        await store.PutDue(Due(A, 0, "probe:x"), Due(A, 1, DueKinds.Sla), Due(B, 2, DueKinds.Sla));
        Expect.Sequence([A, B], (await store.ClaimDue(5, kind: DueKinds.Sla)).Select(static c => c.Subject));
        Expect.Equal(0, (await store.ClaimDue(5, kind: "probe:")).Count);
        Expect.Sequence(["probe:x"], (await store.ClaimDue(5)).Select(static c => c.Kind));
    }

    private static async Task Lease(ILoopStore store)
    {
        await store.PutDue(Due(A, 0));
        Expect.Equal(0, (await store.ClaimDue(-1)).Count);
        var claim = (await store.ClaimDue(0, lease: 5)).Single();
        Expect.Equal(new DueClaim(A, "probe:kit", At(0), 1, claim.Token, null), claim);
        Expect.True(claim.Token > 0, "a token is greater than 0");
        Expect.Equal(0, (await store.ClaimDue(4.99)).Count);
        Expect.Equal(1, (await store.ClaimDue(5)).Count);
    }

    private static async Task Takeover(ILoopStore store)
    {
        await store.PutDue(Due(A, 0), Due(B, 1));
        var first = (await store.ClaimDue(0, lease: 5)).Single();
        var both = await store.ClaimDue(20);
        Expect.Sequence([A, B], both.Select(static c => c.Subject));
        Expect.Equal(2, both[0].Attempts);
        Expect.Equal(1, both[1].Attempts);
        Expect.True(both.All(c => c.Token > first.Token), "tokens grow");
        Expect.True(both[0].Token != both[1].Token, "each claim has its own token");
    }

    private static async Task Renewed(ILoopStore store)
    {
        await store.PutDue(Due(A, 0), Due(B, 1));
        var claims = await store.ClaimDue(1, lease: 5);
        Expect.Sequence([claims[0].Token], await store.Renew(60, [claims[0]]));
        Expect.Sequence([B], (await store.ClaimDue(30, lease: 100)).Select(static c => c.Subject));
        Expect.Equal(At(60), await store.NextWakeAsync(CancellationToken.None));
        // What is told of it meanwhile waits for the end of the claim, as before.
        await store.PutDue(Due(A, 40, mode: DueMode.BringForward));
        await store.PutDue(Due(A, 90, token: claims[0].Token));
        var next = (await store.ClaimDue(41)).Single();
        Expect.Equal(new DueClaim(A, "probe:kit", At(40), 1, next.Token, null), next);
        Expect.Sequence([], await store.Renew(60, []));
    }

    private static async Task RenewedTooLate(ILoopStore store)
    {
        await store.PutDue(Due(A, 0), Due(B, 0), Due(C, 0));
        var claims = (await store.ClaimDue(0, lease: 1)).ToDictionary(static c => c.Subject);
        await store.PutDue(Due(B, 100, token: claims[B].Token), Due(C, 0) with { DueAt = null });
        Expect.Sequence([claims[A].Token], await store.Renew(20, [claims[A], claims[B], claims[C], claims[A] with { Subject = Key.Item("nobody") }]));
        Expect.Equal(0, (await store.ClaimDue(19)).Count);
        var taken = (await store.ClaimDue(20, lease: 5)).Single();
        Expect.Equal(2, taken.Attempts);
        Expect.Sequence([], await store.Renew(200, [claims[A]]));
        Expect.Equal(At(25), await store.NextWakeAsync(CancellationToken.None));
    }

    private static async Task Set(ILoopStore store)
    {
        await store.PutDue(Due(A, 0));
        var claim = (await store.ClaimDue(0)).Single();
        await store.PutDue(Due(A, 2, token: claim.Token));
        Expect.Equal(0, (await store.ClaimDue(1)).Count);
        claim = (await store.ClaimDue(2)).Single();
        Expect.Equal(1, claim.Attempts);
        Expect.Equal(At(2), claim.DueAt);
        await store.PutDue(Due(A, 1));
        Expect.Equal(1, (await store.ClaimDue(2)).Single().Attempts);
    }

    private static async Task Retry(ILoopStore store)
    {
        await store.PutDue(Due(A, 0));
        for (int i = 1; i <= 3; i++)
        {
            var claim = (await store.ClaimDue(i)).Single();
            Expect.Equal(i, claim.Attempts);
            await store.PutDue(Due(A, i + 1, mode: DueMode.Retry, token: claim.Token));
            Expect.Equal(0, (await store.ClaimDue(i + 0.5)).Count);
        }
        await store.PutDue(Due(B, 9, mode: DueMode.Retry));
        Expect.Equal(2, (await store.ClaimDue(10)).Count);
    }

    private static async Task BringForward(ILoopStore store)
    {
        await store.PutDue(Due(A, 10), Due(B, 10), Due(C, 3, mode: DueMode.BringForward));
        await store.PutDue(Due(A, 2, mode: DueMode.BringForward), Due(B, 20, mode: DueMode.BringForward));
        Expect.Sequence([(A, At(2)), (C, At(3)), (B, At(10))], (await store.ClaimDue(10, lease: 5)).Select(static c => (c.Subject, c.DueAt)));
        await store.PutDue(Due(B, 1, mode: DueMode.BringForward));
        Expect.Equal(0, (await store.ClaimDue(14)).Count);
        var again = await store.ClaimDue(15);
        Expect.Sequence([(A, At(2), 2), (C, At(3), 2), (B, At(10), 2)], again.Select(static c => (c.Subject, c.DueAt, c.Attempts)));
    }

    private static async Task BringForwardDuringClaim(ILoopStore store)
    {
        await store.PutDue(Due(A, 0), Due(B, 0), Due(C, 0));
        var claims = (await store.ClaimDue(0)).ToDictionary(static c => c.Subject);
        await store.PutDue(Due(A, 4, mode: DueMode.BringForward), Due(A, 3, mode: DueMode.BringForward), Due(B, 3, mode: DueMode.BringForward), Due(C, 70, mode: DueMode.BringForward));
        await store.PutDue(Due(A, 60, token: claims[A].Token), Due(B, 60, mode: DueMode.Retry, token: claims[B].Token), Due(C, 60, token: claims[C].Token));
        Expect.Sequence([A], (await store.ClaimDue(59)).Select(static c => c.Subject));
        await store.PutDue(Due(A, 90));
        Expect.Sequence([(B, At(60)), (C, At(60))], (await store.ClaimDue(80)).Select(static c => (c.Subject, c.DueAt)));
        Expect.Sequence([(A, At(90))], (await store.ClaimDue(90, kind: "probe:kit")).Where(static c => c.Subject == A).Select(static c => (c.Subject, c.DueAt)));
    }

    private static async Task AddOnly(ILoopStore store)
    {
        await store.PutDue(Due(A, 10, payload: "old"));
        await store.PutDue(Due(A, 1, mode: DueMode.AddOnly, payload: "new"), Due(B, 1, mode: DueMode.AddOnly));
        Expect.Sequence([B], (await store.ClaimDue(5)).Select(static c => c.Subject));
        Expect.Sequence(["old"], (await store.ClaimDue(10, kind: "probe:kit")).Where(static c => c.Subject == A).Select(static c => c.Payload));
    }

    private static async Task Fenced(ILoopStore store)
    {
        await store.PutDue(Due(A, 0));
        var stale = (await store.ClaimDue(0, lease: 1)).Single();
        var holder = (await store.ClaimDue(1, lease: 5)).Single();
        await store.PutDue(
            Due(A, 30, token: stale.Token),
            Due(A, 0, mode: DueMode.Retry, token: stale.Token, payload: "stale"),
            Due(A, -1, mode: DueMode.BringForward, token: stale.Token),
            Due(A, 0, token: stale.Token) with { DueAt = null });
        Expect.Equal(0, (await store.ClaimDue(5.9)).Count);
        var next = (await store.ClaimDue(6)).Single();
        Expect.Equal(new DueClaim(A, "probe:kit", At(0), 3, next.Token, null), next);
        await store.PutDue(Due(A, 0, token: holder.Token) with { DueAt = null });
        await store.PutDue(Due(A, 0, token: next.Token) with { DueAt = null });
        Expect.Equal(null, await store.NextWakeAsync(CancellationToken.None));
    }

    private static async Task FencedBySet(ILoopStore store)
    {
        await store.PutDue(Due(A, 0));
        var claim = (await store.ClaimDue(0)).Single();
        await store.PutDue(Due(A, 3));
        await store.PutDue(Due(A, 0, token: claim.Token) with { DueAt = null });
        Expect.Equal(At(3), (await store.ClaimDue(3)).Single().DueAt);
    }

    private static async Task FencedByRemoval(ILoopStore store)
    {
        await store.PutDue(Due(A, 0));
        var claim = (await store.ClaimDue(0)).Single();
        await store.PutDue(Due(A, 0) with { DueAt = null });
        await store.PutDue(Due(A, 1, mode: DueMode.Retry, token: claim.Token), Due(A, 1, token: claim.Token), Due(A, 1, mode: DueMode.AddOnly, token: claim.Token));
        Expect.Equal(null, await store.NextWakeAsync(CancellationToken.None));
        await store.PutDue(Due(A, 2));
        await store.PutDue(Due(A, 9, token: claim.Token));
        var next = (await store.ClaimDue(2)).Single();
        Expect.True(next.Token > claim.Token, "a row that was removed and set again has a greater token");
    }

    private static async Task Remove(ILoopStore store)
    {
        foreach (var mode in Enum.GetValues<DueMode>())
        {
            await store.PutDue(Due(A, 0));
            await store.PutDue(Due(A, 0, mode: mode) with { DueAt = null });
            Expect.Equal(0, (await store.ClaimDue(1)).Count);
        }
        await store.PutDue(Due(B, 0) with { DueAt = null });
    }

    private static async Task Payload(ILoopStore store)
    {
        await store.PutDue(Due(A, 0, payload: "mark 1 – ü"));
        await store.PutDue(Due(A, 0));
        Expect.Equal("mark 1 – ü", (await store.ClaimDue(0)).Single().Payload);
        await store.PutDue(Due(A, 0, mode: DueMode.Retry));
        Expect.Equal("mark 1 – ü", (await store.ClaimDue(0)).Single().Payload);
        await store.PutDue(Due(A, 0, payload: ""));
        Expect.Equal("", (await store.ClaimDue(0)).Single().Payload);
        await store.PutDue(Due(A, 9, mode: DueMode.BringForward, payload: "mark 2"));
        Expect.Equal("mark 2", (await store.ClaimDue(60)).Single().Payload);
    }

    private static async Task InOrder(ILoopStore store)
    {
        await store.PutDue(Due(A, 1), Due(A, 5), Due(A, 3, mode: DueMode.BringForward), Due(B, 1), Due(B, 1) with { DueAt = null }, Due(B, 4, mode: DueMode.AddOnly));
        Expect.Sequence([(A, At(3)), (B, At(4))], (await store.ClaimDue(10)).Select(static c => (c.Subject, c.DueAt)));
    }

    private static async Task Exact(ILoopStore store)
    {
        var instant = T0.AddTicks(1).ToOffset(TimeSpan.FromHours(-7));
        await store.PutDue(Due(A, 0) with { DueAt = instant });
        Expect.Equal(instant, await store.NextWakeAsync(CancellationToken.None));
        Expect.Equal(0, (await store.ClaimDue(0)).Count);
        Expect.Equal(instant, (await store.ClaimDueAsync(new ClaimRequest { Now = instant, Lease = TimeSpan.FromTicks(1) }, CancellationToken.None)).Single().DueAt);
        Expect.Equal(T0.AddTicks(2), await store.NextWakeAsync(CancellationToken.None));
    }

    private static async Task Parallel(ILoopStore store)
    {
        await store.PutDue([.. Enumerable.Range(0, 200).Select(static i => Due(Key.Item($"i{i}"), 0))]);
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            List<DueClaim> own = [];
            while (await store.ClaimDue(1, limit: 7) is { Count: > 0 } some) own.AddRange(some);
            return own;
        })));
        Expect.Equal(200, claims.Sum(static c => c.Count));
        Expect.Equal(200, claims.SelectMany(static c => c).Select(static c => c.Subject).Distinct().Count());
        Expect.Equal(200, claims.SelectMany(static c => c).Select(static c => c.Token).Distinct().Count());
    }

    private static async Task Read(ILoopStore store)
    {
        await store.PutDue(Due(A, 1, "probe:x"), Due(A, 2, DueKinds.Sla), Due(B, 3), Due(C, 4));
        await store.ClaimDue(1, kind: "probe:x");
        var rows = await store.ReadDueAsync([A, C, A, Key.Item("nobody")], CancellationToken.None);
        Expect.Sequence(
            [new DueRow(A, "probe:x", At(1)), new DueRow(A, DueKinds.Sla, At(2)), new DueRow(C, "probe:kit", At(4))],
            rows.OrderBy(static r => r.DueAt));
        Expect.Equal(0, (await store.ReadDueAsync([], CancellationToken.None)).Count);
    }

    private static async Task NextWake(ILoopStore store)
    {
        Expect.Equal(null, await store.NextWakeAsync(CancellationToken.None));
        await store.PutDue(Due(A, 1), Due(B, 8));
        Expect.Equal(At(1), await store.NextWakeAsync(CancellationToken.None));
        await store.PutOutbox(Message("m", 0.5));
        Expect.Equal(At(0.5), await store.NextWakeAsync(CancellationToken.None));
        await store.ClaimOutbox(1, lease: 9);
        await store.ClaimDue(1, lease: 2);
        Expect.Equal(At(3), await store.NextWakeAsync(CancellationToken.None));
        await store.PutDue(Due(A, 0) with { DueAt = null });
        Expect.Equal(At(8), await store.NextWakeAsync(CancellationToken.None));
        await store.PutDue(Due(B, 0) with { DueAt = null });
        Expect.Equal(At(10), await store.NextWakeAsync(CancellationToken.None));
        await store.Complete((await store.ClaimOutbox(10)).Single());
        Expect.Equal(null, await store.NextWakeAsync(CancellationToken.None));
    }
}
