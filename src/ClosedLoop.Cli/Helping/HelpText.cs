using System.CommandLine;
using System.Text;

namespace ClosedLoop.Cli.Helping;

/// <summary>
/// The help of a command, as a person reads it: what it does, how it is written, and of each argument and option one paragraph. The parser's own
/// puts all completions of an item's id and all paragraphs of every command into one table.
/// </summary>
internal static class HelpText
{
    private const string Program = "closedloop";
    private const int MaxNameWidth = 26;
    private const int LeastTextWidth = 30;
    private const int WidestLine = 110;

    public static string Of(Command command, int width)
    {
        width = Math.Min(width, WidestLine);
        var text = new StringBuilder();
        text.Append(command.Description?.Trim()).Append("\n\n");
        text.Append("Usage:\n  ").Append(Usage(command)).Append('\n');
        Section(text, "Commands", command.Subcommands.Where(static c => !c.Hidden).Select(static c => (c.Name, Brief(c.Description))), width);
        Section(text, "Arguments", command.Arguments.Where(static a => !a.Hidden).Select(static a => (a.Name, a.Description ?? "")), width);
        Section(text, "Options", command.Options.Where(static o => !o.Hidden).Select(static o => (Name(o), Described(o))), width);
        var shared = command.Parents.OfType<Command>().SelectMany(static p => p.Options).Where(o => o is { Recursive: true, Hidden: false } && !command.Options.Contains(o));
        Section(text, "Options of all commands", shared.Select(static o => (Name(o), Described(o))), width);
        if (command.Subcommands.Count > 0) text.Append($"\n'{Program} COMMAND --help' tells more of a command.\n");
        return text.ToString();
    }

    private static string Usage(Command command)
    {
        var parts = new List<string> { command is RootCommand ? Program : $"{Program} {command.Name}" };
        if (command.Subcommands.Count > 0) parts.Add("COMMAND");
        parts.AddRange(command.Arguments.Where(static a => !a.Hidden).Select(static a => a.Arity.MinimumNumberOfValues == 0 ? $"[{a.Name}]" : a.Name));
        parts.AddRange(command.Options.Where(static o => o is { Hidden: false, Required: true }).Select(Name));
        parts.Add("[options]");
        return string.Join(' ', parts);
    }

    private static void Section(StringBuilder text, string title, IEnumerable<(string Name, string Description)> entries, int width)
    {
        var all = entries.ToList();
        if (all.Count == 0) return;
        text.Append('\n').Append(title).Append(":\n");
        int column = Math.Min(MaxNameWidth, all.Max(static e => e.Name.Length)) + 4;
        foreach (var (name, description) in all)
        {
            text.Append("  ").Append(name);
            // A long name has a line of its own.
            if (name.Length + 4 > column) text.Append('\n').Append(' ', column);
            else text.Append(' ', column - 2 - name.Length);
            text.AppendJoin("\n" + new string(' ', column), Wrapped(description, Math.Max(LeastTextWidth, width - column))).Append('\n');
        }
    }

    private static string Name(Option option)
    {
        string name = string.Join(", ", option.Aliases.Where(static a => a.StartsWith('-') && a.Length == 2).Append(option.Name));
        return option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? name : $"{name} {option.HelpName ?? "VALUE"}";
    }

    private static string Described(Option option)
    {
        string description = option.Description ?? "";
        if (option.Required) description += " Required.";
        // Of numbers only: an enumeration says its default in words.
        return option.HasDefaultValue && option.ValueType == typeof(int) && option.GetDefaultValue() is int value ? $"{description} The default is {value}." : description;
    }

    // Up to where the first sentence begins to explain itself.
    private static string Brief(string? description)
    {
        string line = description?.Split('\n', 2)[0].Trim().TrimEnd('.') ?? "";
        foreach (string end in (ReadOnlySpan<string>)[". ", ": ", "; "])
            if (line.IndexOf(end, StringComparison.Ordinal) is > 0 and var at) line = line[..at];
        return line + ".";
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }
            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }
        yield return line.ToString();
    }
}
