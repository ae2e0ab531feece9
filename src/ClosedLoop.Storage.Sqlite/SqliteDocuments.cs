namespace ClosedLoop.Storage.Sqlite;

/// <summary>Documents: small texts beside the record.</summary>
internal static class SqliteDocuments
{
    private const int MaxRows = 1000;

    // Names have no character beyond '~', so all that begin with a prefix are before the prefix and this.
    private const char AfterAllNames = '\u007f';

    /// <summary>Whether every document still has the version that its change was made from.</summary>
    public static bool Admits(Session session, IReadOnlyList<DocumentChange> changes)
    {
        foreach (var change in changes)
            if ((session.NumberOrNull(SqliteStatements.DocumentVersion, change.Name) ?? 0) != change.Version)
                return false;
        return true;
    }

    /// <summary>Sets or removes documents that admit it.</summary>
    public static void Apply(Session session, IReadOnlyList<DocumentChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Body is null) session.Execute(SqliteStatements.RemoveDocument, change.Name);
            else session.Execute(SqliteStatements.PutDocument, change.Name, change.Body, change.Version + 1);
        }
    }

    public static List<StoredDocument> Read(Session session, DocumentQuery query)
    {
        var documents = new List<StoredDocument>();
        string from = string.CompareOrdinal(query.After, query.Prefix) > 0 ? query.After! : query.Prefix;
        using var rows = session.Query(SqliteStatements.ReadDocuments, from, query.Prefix + AfterAllNames, (long)Math.Clamp(query.Limit, 1, MaxRows), query.After ?? "");
        while (rows.Read()) documents.Add(new StoredDocument(rows.Text(0), rows.Text(1), rows.Number(2)));
        return documents;
    }
}
