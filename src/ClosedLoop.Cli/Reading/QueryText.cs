using System.Text;

namespace ClosedLoop.Cli.Reading;

/// <summary>An address below the API with its parameters; those without a value are left out.</summary>
internal sealed class QueryText(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _next = '?';

    public QueryText Add(string name, string? value)
    {
        if (value is null) return this;
        _text.Append(_next).Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _next = '&';
        return this;
    }

    public override string ToString() => _text.ToString();
}
