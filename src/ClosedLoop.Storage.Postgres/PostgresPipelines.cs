using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>The history of pipelines, in one transaction at a time of all nodes.</summary>
internal static class PostgresPipelines
{
    public static async Task<PipelineHistory> RegisterAsync(NpgsqlConnection connection, IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await ListAsync(connection, PostgresStatements.LockPipelines, [], static _ => true, cancellationToken).ConfigureAwait(false);
            var known = await SignaturesAsync(connection, pipelines, cancellationToken).ConfigureAwait(false);
            var gates = pipelines.SelectMany(p => p.Gates.Select(g => (Pipeline: p.Name, Gate: g, At: known.ContainsKey(p.Name) ? now.UtcTicks : (long?)null))).ToList();
            var pipeline = new Pipeline();
            pipeline.Add(PostgresStatements.AddPipelines, Names(pipelines), Signatures(pipelines));
            pipeline.Add(PostgresStatements.AddGates, Texts([.. gates.Select(static g => g.Pipeline)]), Texts([.. gates.Select(static g => g.Gate)]), Numbers([.. gates.Select(static g => g.At)]));
            await pipeline.RunAsync(connection, cancellationToken).ConfigureAwait(false);
            var introduced = await IntroductionsAsync(connection, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return History(pipelines, known, introduced);
        }
    }

    /// <summary>What <see cref="RegisterAsync"/> would say, without remembering anything.</summary>
    public static async Task<PipelineHistory> CompareAsync(NpgsqlConnection connection, IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken) => History(
        pipelines,
        await SignaturesAsync(connection, pipelines, cancellationToken).ConfigureAwait(false),
        await IntroductionsAsync(connection, cancellationToken).ConfigureAwait(false));

    private static PipelineHistory History(IReadOnlyList<PipelineVersion> pipelines, Dictionary<string, string> known, Dictionary<(string Pipeline, string Gate), DateTimeOffset> introduced) => new()
    {
        IntroducedAt = introduced,
        Changed = [.. pipelines.Where(p => known.TryGetValue(p.Name, out string? signature) && signature != p.Signature).Select(static p => p.Name)],
    };

    private static async Task<Dictionary<string, string>> SignaturesAsync(NpgsqlConnection connection, IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken) =>
        (await ListAsync(connection, PostgresStatements.ReadSignatures, [Names(pipelines)], static row => (Name: row.GetString(0), Signature: row.GetString(1)), cancellationToken).ConfigureAwait(false))
            .ToDictionary(static p => p.Name, static p => p.Signature, StringComparer.Ordinal);

    private static async Task<Dictionary<(string Pipeline, string Gate), DateTimeOffset>> IntroductionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await ListAsync(connection, PostgresStatements.ReadIntroductions, [], static row => (Gate: (row.GetString(0), row.GetString(1)), At: PostgresReads.Instant(row, 2)), cancellationToken).ConfigureAwait(false))
            .ToDictionary(static g => g.Gate, static g => g.At);

    public static Task<int> ConfirmAsync(NpgsqlConnection connection, IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken)
    {
        var pipeline = new Pipeline();
        pipeline.Add(PostgresStatements.LockPipelines);
        pipeline.Add(PostgresStatements.ConfirmPipelines, Names(pipelines), Signatures(pipelines));
        return pipeline.RunAsync(connection, cancellationToken);
    }

    private static NpgsqlParameter Names(IReadOnlyList<PipelineVersion> pipelines) => Texts(Rows.Column(pipelines, static p => p.Name));

    private static NpgsqlParameter Signatures(IReadOnlyList<PipelineVersion> pipelines) => Texts(Rows.Column(pipelines, static p => p.Signature));
}
