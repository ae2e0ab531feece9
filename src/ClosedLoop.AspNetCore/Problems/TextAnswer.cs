using System.Text;

namespace ClosedLoop.AspNetCore.Problems;

internal sealed class TextAnswer(string text, string type = "text/plain; charset=utf-8") : Answer(200)
{
    protected override byte[] Body(out string contentType)
    {
        contentType = type;
        return Encoding.UTF8.GetBytes(text);
    }
}
