using System.Text;
using ClosedLoop.Facts;
using static ClosedLoop.Storage.Sqlite.SqliteValues;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>Claims of due rows and outbox messages, within the caller's transaction.</summary>
internal static class SqliteClaims
{
    private const long Delivered = 1;
    private const long GivenUp = 2;

    /// <summary>Whether there is anything to claim: asked first, by a reader, so that an idle loop never waits for the disk.</summary>
    public static bool AnyDue(Session session, ClaimRequest request) =>
        (request.Kind is null
            ? session.Any(SqliteStatements.DueRows, Ticks(request.Now), 1L)
            : session.Any(SqliteStatements.DueRowsOfKind, Ticks(request.Now), 1L, request.Kind));

    public static bool AnyOutbox(Session session, ClaimRequest request) => session.Any(SqliteStatements.OutboxRows, Ticks(request.Now), 1L);

    public static List<DueClaim> Due(Session session, ClaimRequest request)
    {
        var claims = new List<DueClaim>();
        using (var rows = request.Kind is null
            ? session.Query(SqliteStatements.DueRows, Ticks(request.Now), Limit(request))
            : session.Query(SqliteStatements.DueRowsOfKind, Ticks(request.Now), Limit(request), request.Kind))
            while (rows.Read())
                claims.Add(new DueClaim(Key.Parse(rows.Text(0)), rows.Text(1), rows.Instant(2), (int)rows.Number(3) + 1, 0, rows.TextOrNull(4)));
        long token = Tokens(session, claims.Count);
        for (int i = 0; i < claims.Count; i++)
        {
            claims[i] = claims[i] with { Token = token + i };
            session.Execute(SqliteStatements.LeaseDue, claims[i].Subject.ToString(), claims[i].Kind, claims[i].Token, Ticks(request.Now + request.Lease));
        }
        return claims;
    }

    public static List<OutboxClaim> Outbox(Session session, ClaimRequest request)
    {
        var claims = new List<(long Seq, OutboxClaim Claim)>();
        using (var rows = session.Query(SqliteStatements.OutboxRows, Ticks(request.Now), Limit(request)))
            while (rows.Read())
                claims.Add((rows.Number(0), new OutboxClaim(new OutboxMessage(rows.Text(1), rows.Text(2), rows.Text(3), rows.Instant(4)), (int)rows.Number(5) + 1, 0)));
        long token = Tokens(session, claims.Count);
        var result = new List<OutboxClaim>(claims.Count);
        foreach (var (seq, claim) in claims)
        {
            result.Add(claim with { Token = token++ });
            session.Execute(SqliteStatements.LeaseOutbox, seq, result[^1].Token, Ticks(request.Now + request.Lease));
        }
        return result;
    }

    /// <returns>The tokens of those that hold.</returns>
    public static HashSet<long> Renew(Session session, LeaseRenewal renewal)
    {
        long until = Ticks(renewal.Until);
        return [
            .. renewal.Due.Where(c => session.Execute(SqliteStatements.RenewDue, c.Subject.ToString(), c.Kind, c.Token, until) == 1).Select(static c => c.Token),
            .. renewal.Outbox.Where(c => session.Execute(SqliteStatements.RenewOutbox, c.Message.IdempotencyKey, c.Token, until) == 1).Select(static c => c.Token),
        ];
    }

    public static void Complete(Session session, OutboxCompletion completion)
    {
        long seq;
        QuarantineEntry message;
        using (var row = session.Query(SqliteStatements.ReadOutbox, completion.IdempotencyKey, completion.Token))
        {
            if (!row.Read()) return;
            seq = row.Number(0);
            message = new QuarantineEntry
            {
                Id = $"outbox:{completion.IdempotencyKey}",
                Source = row.Text(1),
                Kind = QuarantineKind.Exhausted,
                Detail = completion.Error ?? "",
                Body = Encoding.UTF8.GetBytes(row.Text(2)),
                ReceivedAt = row.Instant(3),
            };
        }
        if (completion.RetryAt is { } retryAt)
        {
            session.Execute(SqliteStatements.RetryOutbox, seq, Ticks(retryAt));
            return;
        }
        session.Execute(SqliteStatements.EndOutbox, seq, completion.Error is null ? Delivered : GivenUp);
        if (completion.Error is not null) SqliteCommit.KeepAside(session, message);
    }

    private static long Limit(ClaimRequest request) => Math.Clamp(request.Limit, 1, 1000);

    // From one counter of the whole file: a row that was removed and set again never meets an old token.
    private static long Tokens(Session session, int count) => count == 0 ? 0 : session.Number(SqliteStatements.AddToMeta, "token", (long)count) - count + 1;
}
