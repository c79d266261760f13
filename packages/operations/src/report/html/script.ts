/** The script of the document: it filters the findings, copies commands, and unfolds what is printed or pointed to. */

/** Hash of {@link SCRIPT} for the content security policy; a test holds both together. */
export const SCRIPT_HASH = 'sha256-jeN06l8RCkJQui6VNEcElDf3VDTsv1nm3jOirR+SXgk=';

/** Plain JavaScript. It writes texts of the cluster as text only. */
export const SCRIPT = `
(function () {
  'use strict';
  var all = function (selector, root) { return Array.from((root || document).querySelectorAll(selector)); };

  var form = document.querySelector('form.filter');
  if (form) {
    var rows = all('#findings tbody tr');
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    ['severity', 'namespace'].forEach(function (name) {
      var values = new Set(rows.map(function (row) { return row.dataset[name]; }));
      (name === 'severity' ? Array.from(values) : Array.from(values).sort()).forEach(function (value) {
        if (value) form.elements[name].add(new Option(value, value));
      });
    });
    var filter = function () {
      var words = form.elements.text.value.toLowerCase().split(/\\s+/);
      var shown = 0;
      rows.forEach(function (row, i) {
        var fits = ['severity', 'namespace'].every(function (name) {
          var wanted = form.elements[name].value;
          return wanted === '' || row.dataset[name] === wanted;
        }) && words.every(function (word) { return texts[i].includes(word); });
        row.hidden = !fits;
        if (fits) shown += 1;
      });
      form.querySelector('output').textContent = shown === rows.length ? '' : shown + ' of ' + rows.length + ' shown';
    };
    form.addEventListener('input', filter);
    form.addEventListener('submit', function (event) { event.preventDefault(); });
    form.hidden = false;
    // A finding that something points to is shown, whatever the filter says.
    window.addEventListener('hashchange', function () {
      var row = document.getElementById(location.hash.slice(1));
      if (row && row.hidden) { form.reset(); filter(); row.scrollIntoView(); }
    });
  }

  all('pre.command').forEach(function (block) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', function () {
      var told = function (text) {
        button.textContent = text;
        setTimeout(function () { button.textContent = 'Copy'; }, 2000);
      };
      var select = function () {
        var range = document.createRange();
        range.selectNodeContents(block.querySelector('code'));
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        told('Selected');
      };
      if (!navigator.clipboard) return select();
      navigator.clipboard.writeText(block.querySelector('code').textContent).then(function () { told('Copied'); }, select);
    });
    var line = document.createElement('div');
    line.className = 'copyable';
    block.replaceWith(line);
    line.append(block, button);
  });

  var unfolded = [];
  addEventListener('beforeprint', function () {
    unfolded = all('details:not([open])');
    unfolded.forEach(function (one) { one.open = true; });
  });
  addEventListener('afterprint', function () {
    unfolded.forEach(function (one) { one.open = false; });
  });
})();
`;
