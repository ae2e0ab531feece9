namespace ClosedLoop.Cli.Exporting;

/// <summary>What can be exported.</summary>
internal enum ExportKind
{
    /// <summary>Items as they are now.</summary>
    Items,

    /// <summary>The transition log.</summary>
    Transitions,

    /// <summary>The facts that the record is made of: the newest of each subject, kind and writer. From a store only.</summary>
    Facts,
}
