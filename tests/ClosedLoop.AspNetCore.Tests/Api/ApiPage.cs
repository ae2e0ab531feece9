using System.Globalization;
using System.Text.RegularExpressions;

namespace ClosedLoop.AspNetCore.Tests.Api;

/// <summary>The examples of docs/api.md: a request, the writer who sends it, and what is to come back.</summary>
internal sealed partial record ApiPage(IReadOnlyList<ApiPage.Example> Examples)
{
    internal sealed record Example(string Method, string Path, string Writer, string? Body, int Status, string Kind, string Answer, bool IsLater);

    public static ApiPage Read()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "ClosedLoop.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The checkout was not found above the tests.");
        string page = File.ReadAllText(Path.Combine(root, "docs", "api.md")).Replace("\r\n", "\n", StringComparison.Ordinal);
        var examples = Blocks().Matches(page).Select(static m =>
        {
            string[] parts = m.Groups["request"].Value.Split("\n\n", 2);
            string[] lines = parts[0].Split('\n');
            string[] first = lines[0].Split(' ', 2);
            var writer = Token().Match(parts[0]);
            return new Example(
                first[0], first[1].Trim(), writer.Success ? writer.Groups[1].Value : "agent:builder-7", parts.Length > 1 ? parts[1].Trim() : null,
                int.Parse(m.Groups["status"].Value, CultureInfo.InvariantCulture), m.Groups["kind"].Value, m.Groups["answer"].Value.Trim(), m.Groups["later"].Success);
        }).ToList();
        Assert.Equal(Regex.Count(page, "^```http$", RegexOptions.Multiline), examples.Count);
        return new ApiPage(examples);
    }

    [GeneratedRegex(@"(?<later><!-- three hours later -->\n)?```http\n(?<request>.*?)```\n```(?<kind>json|text) (?<status>\d+)\n(?<answer>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("<token of ([^>]+)>")]
    private static partial Regex Token();
}
