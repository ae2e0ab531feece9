using ClosedLoop.Facts;
using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Claims of due rows and outbox messages, a statement each.</summary>
internal static class PostgresClaims
{
    public static async Task<IReadOnlyList<DueClaim>> DueAsync(NpgsqlConnection connection, ClaimRequest request, CancellationToken cancellationToken)
    {
        var (now, until) = (Number(request.Now.UtcTicks), Number((request.Now + request.Lease).UtcTicks));
        var claims = request.Kind is null
            ? await ListAsync(connection, PostgresClockStatements.ClaimDue(Limit(request)), [now, until], Due, cancellationToken).ConfigureAwait(false)
            : await ListAsync(connection, PostgresClockStatements.ClaimDueOfKind(Limit(request)), [now, until, Text(PostgresText.Encode(request.Kind))], Due, cancellationToken).ConfigureAwait(false);
        // RETURNING has no order of its own.
        claims.Sort(static (a, b) => a.DueAt != b.DueAt ? a.DueAt.CompareTo(b.DueAt) : a.Subject != b.Subject ? a.Subject.CompareTo(b.Subject) : string.CompareOrdinal(a.Kind, b.Kind));
        return claims;

        static DueClaim Due(NpgsqlDataReader row) =>
            new(Key.Parse(row.GetString(0)), PostgresText.Decode(row.GetString(1)), PostgresReads.Instant(row, 2), row.GetInt32(3), row.GetInt64(4), PostgresReads.TextOrNull(row, 5));
    }

    public static async Task<IReadOnlyList<OutboxClaim>> OutboxAsync(NpgsqlConnection connection, ClaimRequest request, CancellationToken cancellationToken)
    {
        var claims = await ListAsync(
            connection,
            PostgresClockStatements.ClaimOutbox(Limit(request)),
            [Number(request.Now.UtcTicks), Number((request.Now + request.Lease).UtcTicks)],
            static row => (Seq: row.GetInt64(0), Claim: new OutboxClaim(
                new OutboxMessage(PostgresText.Decode(row.GetString(1)), PostgresText.Decode(row.GetString(2)), PostgresText.Decode(row.GetString(3)), PostgresReads.Instant(row, 4)), row.GetInt32(5), row.GetInt64(6))),
            cancellationToken).ConfigureAwait(false);
        claims.Sort(static (a, b) => a.Claim.Message.NotBefore != b.Claim.Message.NotBefore ? a.Claim.Message.NotBefore.CompareTo(b.Claim.Message.NotBefore) : a.Seq.CompareTo(b.Seq));
        return claims.ConvertAll(static c => c.Claim);
    }

    /// <returns>The tokens of those that hold.</returns>
    public static async Task<IReadOnlySet<long>> RenewAsync(NpgsqlConnection connection, LeaseRenewal renewal, CancellationToken cancellationToken)
    {
        var held = new HashSet<long>();
        var pipeline = new Pipeline();
        if (renewal.Due.Count > 0)
        {
            // As every commit that changes timers: no two come to their rows in different orders.
            pipeline.Add(PostgresStatements.HoldMark);
            pipeline.Add(
                PostgresClockStatements.RenewDue,
                Texts(Rows.Column(renewal.Due, static c => c.Subject.ToString())),
                Texts(Rows.Column(renewal.Due, static c => PostgresText.Encode(c.Kind))),
                Numbers(Rows.Column(renewal.Due, static c => c.Token)),
                Number(renewal.Until.UtcTicks));
        }
        if (renewal.Outbox.Count > 0)
            pipeline.Add(
                PostgresClockStatements.RenewOutbox,
                Texts(Rows.Column(renewal.Outbox, static c => PostgresText.Encode(c.Message.IdempotencyKey))),
                Numbers(Rows.Column(renewal.Outbox, static c => c.Token)),
                Number(renewal.Until.UtcTicks));
        if (pipeline.Count == 0) return held;
        return await pipeline.RunAsync(
            connection,
            async rows =>
            {
                // Before the tokens stands the mark.
                if (renewal.Due.Count > 0) await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
                do
                    while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false)) held.Add(rows.GetInt64(0));
                while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false));
                return held;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public static void Complete(Pipeline pipeline, IReadOnlyList<OutboxCompletion> completions)
    {
        // The first end of a claim counts; after it the token is gone.
        var rows = Rows.LastOfEach([.. completions.Reverse()], static (a, b) => a.IdempotencyKey == b.IdempotencyKey ? a.Token.CompareTo(b.Token) : string.CompareOrdinal(a.IdempotencyKey, b.IdempotencyKey));
        pipeline.Add(
            PostgresClockStatements.EndOutbox,
            Texts(Rows.Column(rows, static c => PostgresText.Encode(c.IdempotencyKey))),
            Numbers(Rows.Column(rows, static c => c.Token)),
            Numbers(Rows.Column(rows, static c => c.RetryAt?.UtcTicks)),
            Texts(Rows.Column(rows, static c => PostgresText.EncodeOrNull(c.Error))),
            new NpgsqlParameter<short> { TypedValue = (short)QuarantineKind.Exhausted });
    }

    private static int Limit(ClaimRequest request) => Math.Clamp(request.Limit, 1, 1000);
}
