namespace ClosedLoop.Cli.Exporting;

/// <summary>How rows are written.</summary>
internal enum ExportFormat
{
    /// <summary>One JSON object on each line.</summary>
    Jsonl,

    /// <summary>Comma-separated values with a header.</summary>
    Csv,
}
