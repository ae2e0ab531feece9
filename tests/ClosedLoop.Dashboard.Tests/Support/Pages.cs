namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>The pages of the dashboard with the sample record.</summary>
internal static class Pages
{
    public const string Hostile = "/items/%3Cb%3EHTML-1%3C/b%3E";

    /// <summary>Each page's address and its first heading.</summary>
    public static readonly IReadOnlyList<(string Path, string Heading)> All =
    [
        ("/", "Board"), ("/?gate=reviewed&overdue=true", "Board"), ("/items/BL-104", "BL-104"), ("/items/API-207", "API-207"), (Hostile, "<b>HTML-1</b>"), ("/stuck", "Stuck"),
        ("/lines", "Lines"), ("/flow", "Flow"), ("/watcher", "Watcher"), ("/items/nobody-knows-it", "Not found"),
    ];

    public static TheoryData<string, string> Data
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (path, heading) in All) data.Add(path, heading);
            return data;
        }
    }
}
