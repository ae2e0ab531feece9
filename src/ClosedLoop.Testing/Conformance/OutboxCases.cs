using System.Text;
using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>The outbox.</summary>
internal static class OutboxCases
{
    public static readonly ConformanceCase[] All =
    [
        new("Messages are claimed when their time has come, oldest first, then as they were added", Order),
        new("A message with a known key is left out, also when the first was delivered or given up", KeysStay),
        new("A claimed message is nobody else's until its lease ends", Lease),
        new("A claim of a message that is renewed is nobody else's until its new end; one that has ended or was taken over is not renewed", Renewed),
        new("A delivered message does not come again", Delivered),
        new("A message to be tried again comes at its time, with one attempt more", Retry),
        new("A message that was given up is kept aside", GivenUp),
        new("The end of a claim that was taken over is left alone", Fenced),
    ];

    private static async Task Order(ILoopStore store)
    {
        await store.PutOutbox(Message("z", 1), Message("a", 1), Message("late", 9), Message("first", 0));
        await store.PutOutbox(Message("m", 1));
        var claims = await store.ClaimOutbox(2);
        Expect.Sequence([Message("first", 0), Message("z", 1), Message("a", 1), Message("m", 1)], claims.Select(static c => c.Message));
        Expect.True(claims.All(static c => c.Attempts == 1 && c.Token > 0), "first attempts with tokens");
        Expect.Equal(4, claims.Select(static c => c.Token).Distinct().Count());
        await store.PutOutbox(Message("1", 3), Message("2", 3), Message("3", 3));
        Expect.Sequence(["1", "2"], (await store.ClaimOutbox(3, limit: 2)).Select(static c => c.Message.IdempotencyKey));
    }

    private static async Task KeysStay(ILoopStore store)
    {
        await store.PutOutbox(Message("open", 5), Message("delivered"), Message("given-up"), Message("open", 0));
        var claims = await store.ClaimOutbox(1);
        Expect.Sequence(["delivered", "given-up"], claims.Select(static c => c.Message.IdempotencyKey));
        await store.Complete(claims[0]);
        await store.Complete(claims[1], error: "gone");
        await store.PutOutbox(Message("open"), Message("delivered"), Message("given-up"));
        Expect.Equal(0, (await store.ClaimOutbox(4)).Count);
        Expect.Sequence(["open"], (await store.ClaimOutbox(5)).Select(static c => c.Message.IdempotencyKey));
    }

    private static async Task Lease(ILoopStore store)
    {
        await store.PutOutbox(Message("m"));
        var first = (await store.ClaimOutbox(0, lease: 5)).Single();
        Expect.Equal(0, (await store.ClaimOutbox(4.99)).Count);
        var second = (await store.ClaimOutbox(5)).Single();
        Expect.Equal(2, second.Attempts);
        Expect.True(second.Token > first.Token, "tokens grow");
        Expect.Equal(first.Message, second.Message);
    }

    private static async Task Renewed(ILoopStore store)
    {
        await store.PutOutbox(Message("a"), Message("b"), Message("c"));
        var claims = await store.ClaimOutbox(0, lease: 1);
        await store.Complete(claims[1]);
        await store.Complete(claims[2], retryAt: At(100), error: "503");
        Expect.Sequence([claims[0].Token], await store.Renew(20, [], claims));
        Expect.Equal(0, (await store.ClaimOutbox(19)).Count);
        var taken = (await store.ClaimOutbox(20)).Single();
        Expect.Equal(2, taken.Attempts);
        Expect.Sequence([], await store.Renew(200, [], claims));
        await store.Complete(taken);
        Expect.Equal(At(100), await store.NextWakeAsync(CancellationToken.None));
    }

    private static async Task Delivered(ILoopStore store)
    {
        await store.PutOutbox(Message("m"));
        var claim = (await store.ClaimOutbox(0)).Single();
        await store.Complete(claim);
        await store.Complete(claim, retryAt: At(1));
        await store.Complete(claim, error: "late");
        Expect.Equal(0, (await store.ClaimOutbox(100)).Count);
        Expect.Equal(null, await store.NextWakeAsync(CancellationToken.None));
        Expect.Equal(0, (await store.ReadQuarantineAsync(10, CancellationToken.None)).Count);
    }

    private static async Task Retry(ILoopStore store)
    {
        await store.PutOutbox(Message("m"));
        await store.Complete((await store.ClaimOutbox(0, lease: 60)).Single(), retryAt: At(3), error: "503");
        Expect.Equal(0, (await store.ClaimOutbox(2.99)).Count);
        var again = (await store.ClaimOutbox(3)).Single();
        Expect.Equal(2, again.Attempts);
        Expect.Equal(Message("m").Body, again.Message.Body);
        Expect.Equal(0, (await store.ReadQuarantineAsync(10, CancellationToken.None)).Count);
    }

    private static async Task GivenUp(ILoopStore store)
    {
        await store.PutOutbox(Message("m"));
        var claim = (await store.ClaimOutbox(0)).Single();
        await store.Complete(claim, error: "the sink says 410 gone");
        Expect.Equal(0, (await store.ClaimOutbox(100)).Count);
        var kept = (await store.ReadQuarantineAsync(10, CancellationToken.None)).Single();
        Expect.Equal(QuarantineKind.Exhausted, kept.Kind);
        Expect.Equal("slack", kept.Source);
        Expect.Equal("the sink says 410 gone", kept.Detail);
        Expect.Equal(Message("m").Body, Encoding.UTF8.GetString(kept.Body.Span));
        Expect.Equal(T0, kept.ReceivedAt);
    }

    private static async Task Fenced(ILoopStore store)
    {
        await store.PutOutbox(Message("m"), Message("never", 0.5));
        var stale = (await store.ClaimOutbox(0, lease: 1)).Single();
        var holder = (await store.ClaimOutbox(1, limit: 1)).Single();
        await store.Complete(stale);
        await store.Complete(stale, retryAt: At(0));
        await store.Complete(stale, error: "late");
        await store.CompleteOutboxAsync(
            [new OutboxCompletion { IdempotencyKey = "never", Token = 0 }, new OutboxCompletion { IdempotencyKey = "unknown", Token = 1 }],
            CancellationToken.None);
        Expect.Equal(0, (await store.ReadQuarantineAsync(10, CancellationToken.None)).Count);
        Expect.Sequence(["never"], (await store.ClaimOutbox(2)).Select(static c => c.Message.IdempotencyKey));
        await store.Complete(holder, retryAt: At(3));
        Expect.Equal(3, (await store.ClaimOutbox(3)).Single().Attempts);
    }
}
