using System.Globalization;

namespace ClosedLoop.LoadRig;

/// <summary>The options of one run. Unknown ones are refused: a misspelt option must not measure something else.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public Arguments(ReadOnlySpan<string> args, IReadOnlyList<Option> options)
    {
        foreach (var option in options) _values[option.Name] = option.Default;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--json")
            {
                Json = true;
                continue;
            }
            string name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : "";
            if (!_values.ContainsKey(name)) throw new ArgumentException($"'{args[i]}' is no option of this scenario.");
            if (i + 1 == args.Length) throw new ArgumentException($"--{name} needs a value.");
            _values[name] = args[++i];
        }
    }

    public bool Json { get; }

    public IReadOnlyDictionary<string, string> Given => _values;

    public string Text(string name) => _values[name];

    public int Number(string name) => Numbers(name) is [var number] ? number : throw new ArgumentException($"--{name} takes one number.");

    public IReadOnlyList<int> Numbers(string name) => [.. _values[name].Split(',').Select(text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"--{name} is '{_values[name]}'; use whole numbers of 1 or more, with commas between several."))];
}
