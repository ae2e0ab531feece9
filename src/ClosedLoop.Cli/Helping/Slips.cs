using System.CommandLine;
using ClosedLoop.Cli.Showing;

namespace ClosedLoop.Cli.Helping;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class Slips
{
    // Two letters changed, added, left out: more is another word.
    private const int MaxDistance = 2;

    public static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens;
        string path = command is RootCommand ? "closedloop" : $"closedloop {command.Name}";
        if (command is RootCommand && unknown.Count > 0)
        {
            yield return unknown[0].StartsWith('-')
                ? $"'{Plain.Line(unknown[0], 80)}' is no option of closedloop; name a command first, such as 'closedloop status'."
                : $"There is no command '{Plain.Line(unknown[0], 80)}'{Meant(unknown[0], command.Subcommands.Select(static c => c.Name))}";
            yield break;
        }
        foreach (string token in unknown)
            yield return token.StartsWith('-')
                ? $"'{path}' has no option '{Plain.Line(token, 80)}'{Meant(token, Options(command))}"
                : $"'{path}' does not know what to do with '{Plain.Line(token, 80)}'; put a text with spaces into quotes.";
        foreach (var argument in command.Arguments)
            if (argument.Arity.MinimumNumberOfValues > 0 && (parsed.GetResult(argument)?.Tokens.Count ?? 0) == 0)
                yield return $"{argument.Name} is missing: {argument.Description}";
        foreach (var option in command.Options)
            if (option.Required && parsed.GetResult(option) is not { Implicit: false })
                yield return $"{option.Name} {option.HelpName} is missing: {option.Description}";
        foreach (var error in parsed.Errors)
            if (!IsSaid(error.Message)) yield return Plain.Line(error.Message, 400);
    }

    // The parser's own words for what the lines above say.
    private static bool IsSaid(string message) =>
        message.StartsWith("Unrecognized", StringComparison.Ordinal) || message.StartsWith("Required ", StringComparison.Ordinal) || message.EndsWith("is required.", StringComparison.Ordinal);

    private static IEnumerable<string> Options(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(static p => p.Options).Where(static o => o.Recursive)).Select(static o => o.Name);

    private static string Meant(string written, IEnumerable<string> names)
    {
        var near = names.Select(n => (Name: n, Distance: Distance(written, n))).Where(static n => n.Distance <= MaxDistance).OrderBy(static n => n.Distance).Take(1).ToList();
        return near.Count == 0 ? "." : $"; did you mean '{near[0].Name}'?";
    }

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > MaxDistance) return MaxDistance + 1;
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), corner + (a[i - 1] == b[j - 1] ? 0 : 1));
                corner = above;
            }
        }
        return row[^1];
    }
}
