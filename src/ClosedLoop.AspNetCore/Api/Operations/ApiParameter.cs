namespace ClosedLoop.AspNetCore.Api.Operations;

/// <summary>A parameter in the query or in a header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, with its range and default.</param>
internal sealed record ApiParameter(string Name, string Description)
{
    /// <summary>The JSON Schema type: string, integer or boolean.</summary>
    public string Type { get; init; } = "string";

    public long? Minimum { get; init; }

    public long? Maximum { get; init; }

    public long? Default { get; init; }

    /// <summary>Whether it is a header.</summary>
    public bool IsHeader { get; init; }

    public static ApiParameter Cursor { get; } = new("cursor", "'nextCursor' of the page before; leave it out for the first page.");

    public static ApiParameter After { get; } = new("after", "Only what follows this place in the log: 'next' of the page before, or 0.") { Type = "integer", Minimum = 0, Default = 0 };

    public static ApiParameter Limit(int fallback, int largest) =>
        new("limit", $"The most to return, 1 to {largest}; the default is {fallback}.") { Type = "integer", Minimum = 1, Maximum = largest, Default = fallback };

    public static ApiParameter Flag(string name, string description) => new(name, description) { Type = "boolean" };
}
