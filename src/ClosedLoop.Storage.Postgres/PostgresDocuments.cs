using Npgsql;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Documents: small texts beside the record. Their names need no escape, their bodies may.</summary>
internal static class PostgresDocuments
{
    private const int MaxRows = 1000;

    // Names have no character beyond '~', so all that begin with a prefix are before the prefix and this.
    private const char AfterAllNames = '\u007f';

    /// <summary>Adds the statement that sets or removes all of them, or fails as a conflict.</summary>
    /// <exception cref="ArgumentException">A change that cannot be stored.</exception>
    public static void Change(Pipeline pipeline, IReadOnlyList<DocumentChange> changes)
    {
        DocumentChange.Validate(changes);
        if (changes.Count == 0) return;
        var rows = Rows.LastOfEach(changes, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        pipeline.Add(
            PostgresStatements.ChangeDocuments,
            Texts(Rows.Column(rows, static d => d.Name)),
            Texts(Rows.Column(rows, static d => PostgresText.EncodeOrNull(d.Body))),
            Numbers(Rows.Column(rows, static d => d.Version)));
    }

    public static Task<List<StoredDocument>> ReadAsync(NpgsqlConnection connection, DocumentQuery query, CancellationToken cancellationToken)
    {
        string from = string.CompareOrdinal(query.After, query.Prefix) > 0 ? query.After! : query.Prefix;
        return ListAsync(
            connection,
            PostgresStatements.ReadDocuments,
            [Text(PostgresText.Encode(from)), Text(PostgresText.Encode(query.Prefix) + AfterAllNames), Number(Math.Clamp(query.Limit, 1, MaxRows)), Text(PostgresText.Encode(query.After ?? ""))],
            static row => new StoredDocument(row.GetString(0), PostgresText.Decode(row.GetString(1)), row.GetInt64(2)),
            cancellationToken);
    }
}
