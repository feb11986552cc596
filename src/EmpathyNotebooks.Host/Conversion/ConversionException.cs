namespace EmpathyNotebooks.Host.Conversion;

/// <summary>A notebook that another form cannot hold; the message names the cell and says why.</summary>
public sealed class ConversionException : Exception
{
    internal ConversionException(string notebook, int cell, string fault, Exception? innerException = null)
        : base(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{notebook}, cell {cell}: {fault}"), innerException)
    {
    }
}
